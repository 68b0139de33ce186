package posthaste.testing.s3;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What goes wrong, for which requests, and how often.
 *
 * @param kind what happens
 * @param amount status, milliseconds or bytes a second, as the kind wants it
 * @param operations none: all of them
 * @param key part of the keys concerned; empty: all of them
 * @param share of the requests concerned, 0 to 1
 * @param times after which it is over
 */
public record S3Fault(
        Kind kind, long amount, Set<S3Operation> operations, String key, double share, long times) {

    /** What can happen. */
    public enum Kind {
        /** The request is refused with a status, and not done. */
        STATUS,
        /** It is done later, by so many milliseconds. */
        LATENCY,
        /** It is not done, and no answer comes until the fault is cleared; then the line is cut. */
        STALL,
        /** It is not done, and the line is cut at once. */
        RESET,
        /** It is done, but the answer never arrives: the line is cut. */
        ANSWER_LOST,
        /** It is done, but no answer comes until the fault is cleared; then the line is cut. */
        ANSWER_STALLED,
        /** The answer trickles, so many bytes a second. */
        SLOW_ANSWER,
        /** The last byte of the answer's body is another one. */
        DAMAGED_ANSWER,
        /** There is no such object: 404. */
        MISSING
    }

    public S3Fault {
        operations = Set.copyOf(operations);
        if (share < 0 || share > 1) {
            throw new IllegalArgumentException("a share of " + share);
        }
    }

    public static S3Fault status(int status) {
        return of(Kind.STATUS, status);
    }

    public static S3Fault latency(Duration duration) {
        return of(Kind.LATENCY, duration.toMillis());
    }

    public static S3Fault stall() {
        return of(Kind.STALL, 0);
    }

    public static S3Fault reset() {
        return of(Kind.RESET, 0);
    }

    public static S3Fault answerLost() {
        return of(Kind.ANSWER_LOST, 0);
    }

    public static S3Fault answerStalled() {
        return of(Kind.ANSWER_STALLED, 0);
    }

    public static S3Fault slowAnswer(long bytesPerSecond) {
        return of(Kind.SLOW_ANSWER, bytesPerSecond);
    }

    public static S3Fault damagedAnswer() {
        return of(Kind.DAMAGED_ANSWER, 0);
    }

    public static S3Fault missing() {
        return of(Kind.MISSING, 0).on(S3Operation.GET_OBJECT, S3Operation.HEAD_OBJECT);
    }

    /** Only for these. */
    public S3Fault on(S3Operation... only) {
        return new S3Fault(kind, amount, Set.of(only), key, share, times);
    }

    /** Only for keys with this in them. */
    public S3Fault forKeysWith(String part) {
        return new S3Fault(kind, amount, operations, part, share, times);
    }

    /** Only for this share of the requests. */
    public S3Fault forShare(double of) {
        return new S3Fault(kind, amount, operations, key, of, times);
    }

    /** Only so often. */
    public S3Fault times(long often) {
        return new S3Fault(kind, amount, operations, key, share, often);
    }

    boolean concerns(S3Operation operation, String objectKey) {
        return (operations.isEmpty() || operations.contains(operation)) && objectKey.contains(key);
    }

    /** As a query: {@code kind=status&amount=503&on=put_object,get_object&share=0.2&times=3}. */
    public String toQuery() {
        return "kind="
                + lower(kind)
                + "&amount="
                + amount
                + "&on="
                + operations.stream().sorted().map(S3Fault::lower).collect(Collectors.joining(","))
                + "&key="
                + URLEncoder.encode(key, StandardCharsets.UTF_8)
                + "&share="
                + share
                + "&times="
                + times;
    }

    /**
     * Reads {@link #toQuery}; all but {@code kind} may be left out.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static S3Fault ofQuery(String query) {
        Map<String, String> parts = new HashMap<>();
        for (String part : query.split("&", -1)) {
            String[] pair = part.split("=", 2);
            if (pair.length == 2) {
                parts.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            }
        }
        Set<S3Operation> operations = EnumSet.noneOf(S3Operation.class);
        Arrays.stream(parts.getOrDefault("on", "").split(",", -1))
                .filter(name -> !name.isBlank())
                .map(name -> S3Operation.valueOf(name.toUpperCase(Locale.ROOT)))
                .forEach(operations::add);
        return new S3Fault(
                Kind.valueOf(parts.getOrDefault("kind", "").toUpperCase(Locale.ROOT)),
                Long.parseLong(parts.getOrDefault("amount", "0")),
                operations,
                parts.getOrDefault("key", ""),
                Double.parseDouble(parts.getOrDefault("share", "1")),
                Long.parseLong(parts.getOrDefault("times", String.valueOf(Long.MAX_VALUE))));
    }

    private static S3Fault of(Kind kind, long amount) {
        return new S3Fault(kind, amount, Set.of(), "", 1, Long.MAX_VALUE);
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
