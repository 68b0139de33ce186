package posthaste.bounce;

import posthaste.bounce.dsn.Audience;
import posthaste.mail.record.Job;

/** What a notice led to. */
sealed interface Answer {
    Audience audience();

    /** A notification is stored; once {@code dsn} is on its topic it is accepted. */
    record Told(Audience audience, Job dsn) implements Answer {}

    /** Nobody is to be told. */
    record Untold(Audience audience) implements Answer {}
}
