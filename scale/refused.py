"""What whoever starts a training can mend: the text says what is wrong."""


class Refused(Exception):
    pass
