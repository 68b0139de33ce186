package posthaste.ingest.tls;

/** Whether clients show certificates of their own. */
public enum ClientCertificates {
    /** They are not asked. */
    NONE,
    /** They are asked; those who have none that we trust come in all the same. */
    WANTED,
    /** Those who have none that we trust do not come in. */
    REQUIRED
}
