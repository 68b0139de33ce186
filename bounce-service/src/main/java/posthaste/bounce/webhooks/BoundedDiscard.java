package posthaste.bounce.webhooks;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads over an answer's body, so that the connection can be used again, but not for long: one that
 * never ends is broken off.
 */
final class BoundedDiscard implements BodySubscriber<Boolean> {
    private static final int LIMIT = 64 * 1024;

    private final CompletableFuture<Boolean> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private long read;

    /** Whether it was read to its end. */
    @Override
    public CompletionStage<Boolean> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> octets) {
        for (ByteBuffer buffer : octets) {
            read += buffer.remaining();
        }
        if (read > LIMIT && subscription != null) {
            subscription.cancel();
            whole.complete(false);
        }
    }

    @Override
    public void onError(Throwable failure) {
        // The status has come, and it is all that counts.
        whole.complete(false);
    }

    @Override
    public void onComplete() {
        whole.complete(true);
    }
}
