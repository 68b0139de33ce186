package posthaste.ingest.proxy;

/** What a proxy sends ahead, for a fuzzer. */
public final class ProxyHeaderFuzz {
    private ProxyHeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ProxyHeaderTest.requireAnswer(input, input.length);
    }
}
