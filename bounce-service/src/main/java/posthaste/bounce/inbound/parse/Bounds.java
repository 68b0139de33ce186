package posthaste.bounce.inbound.parse;

/** How much of a mail is looked at: whatever lies beyond is passed over, not refused. */
final class Bounds {
    /** Octets of a mail: reports stand before the mail that they return. */
    static final int MAIL = 2 << 20;

    static final int LINES = 60_000;

    /** Octets of a line, ten times what RFC 5322 allows: some write a whole report on one. */
    static final int LINE = 10_000;

    static final int HEADER_FIELDS = 1_000;

    /** Characters of an unfolded header field. */
    static final int HEADER_FIELD = 4_000;

    /** Multiparts within each other; real reports need four. */
    static final int DEPTH = 10;

    static final int PARTS = 100;

    /** Characters of a decoded part. */
    static final int TEXT = 128 << 10;

    /** Lines of free text that are searched. */
    static final int TEXT_LINES = 1_500;

    /** Recipients of one report: as many as a job has, and some. */
    static final int RECIPIENTS = 1_000;

    private Bounds() {}
}
