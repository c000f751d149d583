"""What a file may bring in with a form: so much, and then the reading stops."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

LARGEST = 11 * 1024 * 1024  # bytes; whoever takes the file asks for less


class Bounded(FileUploadHandler):
    """Stops reading a request whose file is larger than anything needs. The fields before the file stay readable, so
    nothing that was typed is lost; the request says `is_file_too_big`."""

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > LARGEST:
            self.request.is_file_too_big = True
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size):
        return None
