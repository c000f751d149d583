"""Who is who in the tests, and what each may see.

Mina and Noor are clients of the spring cohort, which Tomas coaches. Omar is a client of the autumn
cohort, which Ines coaches: to spring both are strangers. Ada is a programme admin. Lena has an account
and does nothing here.
"""

from dataclasses import dataclass

from clients.models import Cohort, Enrolment, User

PASSWORD = "a-long-test-password"


@dataclass
class Cast:
    """Everybody, with the two cohorts."""

    mina: User
    noor: User
    omar: User
    tomas: User
    ines: User
    ada: User
    lena: User
    spring: Cohort
    autumn: Cohort

    def enrolment(self, client: User) -> Enrolment:
        return Enrolment.objects.select_related("cohort", "client").get(client=client)
