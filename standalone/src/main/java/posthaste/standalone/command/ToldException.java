package posthaste.standalone.command;

/** It could not be done, and the user has read why: Spring Boot's reporters say it of a start. */
final class ToldException extends Exception {
    ToldException(Throwable cause) {
        super(cause);
    }
}
