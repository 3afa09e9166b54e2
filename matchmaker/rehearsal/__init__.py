"""A whole event in accelerated time, played by the real services on a copy: see ``services.steps.copying``.

``playing.play`` must be called inside an application whose database is a copy: it publishes, marks people as arrived
and puts mails into an outbox, all of which are real there.
"""
