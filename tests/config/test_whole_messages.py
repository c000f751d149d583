"""The queue of files: a worker that looks while a message is being written finds none, and afterwards all of it."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from config import whole_messages


@pytest.fixture
def channel(tmp_path):
    folders = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    whole_messages.use()
    with Connection("filesystem://", transport_options=folders) as link:
        yield link.default_channel


def test_a_message_is_found_once_it_is_whole(channel, monkeypatch):
    rename, seen = Path.rename, []

    def looking(self, target):
        with pytest.raises(Empty):
            channel._get("celery")
        seen.append(self.read_text())
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", looking)
    channel._put("celery", {"look": "now"})

    assert seen == ['{"look": "now"}']
    assert channel._get("celery") == {"look": "now"}
    with pytest.raises(Empty):
        channel._get("celery")


def test_two_queues_in_one_folder_keep_their_own(channel):
    channel._put("speech", {"of": "speech"})
    channel._put("celery", {"of": "celery"})

    assert [channel._get(queue) for queue in ("celery", "speech")] == [{"of": "celery"}, {"of": "speech"}]
