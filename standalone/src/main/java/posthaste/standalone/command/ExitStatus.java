package posthaste.standalone.command;

/** How a command ended. */
public enum ExitStatus {
    FINE(0),
    /** It could not be done. */
    FAILED(1),
    /** It was asked wrongly. */
    ASKED_WRONGLY(2),
    /** It was done, and there is something to look at. */
    FOUND(3),
    /** It started what goes on until it is stopped: no status of a process. */
    GOES_ON(-1);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
