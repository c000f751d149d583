"""English only, and generous about what English looks like."""

import pytest

from curriculum.firstread import Unreadable, read

OTHER = {
    "German": "Die Migration der Datenbank ist abgeschlossen. Wir brauchen bis Freitag eine Entscheidung.",
    "German at work": "Kurzes Update: Deployment auf Staging erfolgreich, Tests laufen noch, Release am Montag "
    "geplant, keine Entscheidung nötig.",
    "French": "La migration de la base est terminée. Nous avons besoin d’une décision avant vendredi.",
    "Spanish": "La migración terminó sin pérdida de datos. Necesitamos una decisión antes del viernes.",
    "Portuguese": "A migração foi concluída sem perda de dados. Precisamos de uma decisão até sexta-feira.",
    "Italian": "La migrazione è stata completata. Abbiamo bisogno di una decisione entro venerdì.",
    "Dutch": "De migratie is voltooid. We hebben voor vrijdag een beslissing nodig van de directie.",
    "Turkish": "Veritabanı geçişi veri kaybı olmadan tamamlandı. Cuma gününe kadar bir karara ihtiyacımız var.",
    "Polish": "Migracja bazy danych zakończyła się bez utraty danych. Potrzebujemy decyzji do piątku.",
    "Hindi": "डेटाबेस का माइग्रेशन पूरा हो गया है और कोई डेटा नहीं खोया।",
    "Hindi in Latin letters": "Maine kal deployment kiya tha aur abhi tak sab theek chal raha hai, lekin humein ek "
    "decision chahiye.",
    "Russian": "Миграция базы данных завершена без потери данных. Нам нужно решение до пятницы.",
    "Chinese": "数据库迁移已经完成,没有数据丢失。我们需要在星期五之前做出决定。",
    "Japanese": "データベースの移行はデータ損失なく完了しました。",
    "Korean": "데이터베이스 마이그레이션이 데이터 손실 없이 완료되었습니다. 금요일까지 결정이 필요합니다.",
    "Arabic": "تم الانتهاء من ترحيل قاعدة البيانات دون فقدان أي بيانات.",
    "Vietnamese": "Việc di chuyển cơ sở dữ liệu đã hoàn tất. Chúng tôi cần quyết định trước thứ Sáu.",
    "Finnish": "Tietokannan siirto on valmis eikä tietoja kadonnut. Tarvitsemme päätöksen perjantaihin mennessä.",
}
ENGLISH = {
    "foreign names": "Maria de la Cruz and José from São Paulo have finished the text for the Göteborg office.",
    "names in other letters": "Jürgen Müller, Łukasz Wójcik, Nguyễn Thị Hằng and Иван Петров will join on Monday.",
    "product names": "Kafka 3.6 upgrade done, Postgres 16 migration pending, Redis cluster healthy.",
    "many product names": "Kafka 3.6 upgrade done. Postgres 16 migration pending. Redis 7 cluster healthy. Grafana 10 "
    "dashboards live. Terraform 1.6 rollout Tuesday. Vault rotation Wednesday. Jenkins retired. ArgoCD sync green.",
    "nothing but names": "Docker, Podman, CRI-O, Helm, Kustomize, Flux, Argo, Istio, Linkerd, Envoy, Cilium",
    "language codes": "Locales en, de, fr, es, pt and it released; nl and sv pending; tr blocked by legal.",
    "places": "Release candidate shipped to Rio de Janeiro, San José, Le Mans, Den Haag, El Paso, La Paz.",
    "few articles": "Since yesterday server in Frankfurt am Main is again reachable and customer is happy.",
    "curly apostrophes": "We’ll fix it, they’re sure it’s fine, and I don’t think we’ve lost what you’d need.",
    "too short to tell": "Hola equipo",
}


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER.keys())
def test_another_language_is_refused_with_a_sentence(text):
    with pytest.raises(Unreadable) as refused:
        read(text)

    assert refused.value.sentence == "The first read understands English only. Your coach reads everything."


@pytest.mark.parametrize("text", ENGLISH.values(), ids=ENGLISH.keys())
def test_english_of_every_kind_is_read(text):
    assert read(text).words == len(text.split())


@pytest.mark.parametrize("text", ["", " \r\n\t ", "\ufeff", "--- !!!", "Subject: nothing under it", "[K] [D]"])
def test_a_text_without_a_word_is_refused(text):
    with pytest.raises(Unreadable, match=r"^There is no text to read yet\.$"):
        read(text)


def test_an_unknown_profile_is_refused_by_name():
    with pytest.raises(Unreadable) as refused:
        read("The gate is open.", "updat")

    assert refused.value.sentence == (
        "There is no profile called “updat”. Choose one of translation, answers, rewrite, update, page, flip, "
        "incident, correction, one_on_one."
    )


def test_twenty_thousand_characters_are_read_and_one_more_is_refused():
    text = ("The gate is open. " * 1200)[:20_000]

    assert read(text).words > 0
    with pytest.raises(
        Unreadable, match=r"^The first read takes texts of up to 20,000 characters; this one has 20,001\.$"
    ):
        read(text + "x")
