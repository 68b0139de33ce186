package posthaste.mail.record;

/** A record of a newer major version: the partition waits until this reader is upgraded. */
public final class NewerRecordException extends Exception {
    public NewerRecordException(int major) {
        super(
                "the record has major version "
                        + major
                        + ", this reader knows up to "
                        + RecordCodec.MAJOR
                        + ": upgrade it");
    }
}
