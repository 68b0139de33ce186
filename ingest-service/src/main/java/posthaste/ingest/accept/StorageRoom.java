package posthaste.ingest.accept;

/** Tells whether mail may come in, or a disk is at its free-space floor. */
@FunctionalInterface
public interface StorageRoom {
    boolean isLeft();
}
