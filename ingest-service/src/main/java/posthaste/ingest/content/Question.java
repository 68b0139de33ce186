package posthaste.ingest.content;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One question to one scanner, on a thread of its own, so that nobody waits for it too long. */
final class Question {
    private final CompletableFuture<Verdict> answer = new CompletableFuture<>();
    private final Thread thread;

    private Question(Scanner scanner, ScannedMail mail, Runnable ended) {
        thread =
                Thread.ofVirtual()
                        .name("scan-" + mail.envelope().id())
                        .unstarted(() -> {
                            try {
                                answer.complete(scanner.ask(mail));
                            } catch (Throwable e) {
                                answer.completeExceptionally(e);
                            } finally {
                                ended.run();
                            }
                        });
    }

    /**
     * Asks.
     *
     * @param ended run when the scanner is left alone, which may be long after anybody waits
     */
    static Question ask(Scanner scanner, ScannedMail mail, Runnable ended) {
        Question question = new Question(scanner, mail, ended);
        question.thread.start();
        return question;
    }

    /** Waits for the answer; without one the question is broken off. */
    Verdict await(long nanos) throws TimeoutException, ExecutionException, InterruptedException {
        try {
            return answer.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            thread.interrupt();
            throw e;
        }
    }
}
