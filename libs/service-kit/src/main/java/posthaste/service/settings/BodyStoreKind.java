package posthaste.service.settings;

/** Where bodies can be kept. */
public enum BodyStoreKind {
    /** In folders that all processes share. */
    FILES,
    /** In a bucket of an S3-compatible service. */
    S3
}
