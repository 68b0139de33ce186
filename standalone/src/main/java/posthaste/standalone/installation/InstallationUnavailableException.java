package posthaste.standalone.installation;

/** There is no installation to work on, or it does not let us; the message is one sentence. */
public final class InstallationUnavailableException extends Exception {
    private final boolean told;

    InstallationUnavailableException(String sentence, Throwable cause) {
        super(sentence, cause);
        this.told = false;
    }

    InstallationUnavailableException(Throwable told) {
        super(told);
        this.told = true;
    }

    /** Whether Spring Boot's reporters have told it already. */
    public boolean isTold() {
        return told;
    }
}
