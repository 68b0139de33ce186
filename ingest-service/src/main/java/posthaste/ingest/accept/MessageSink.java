package posthaste.ingest.accept;

/** Where a message goes while it is read. */
public interface MessageSink {

    /**
     * Takes bytes; the array may be reused afterwards.
     *
     * @throws Refusal when the message is not wanted any more
     */
    void write(byte[] bytes, int offset, int length);

    /** The message is refused: nothing more of it will come, and its memory can go to others. */
    void abandon();
}
