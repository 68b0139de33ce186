package posthaste.acceptance.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run comes to. Lists name recipients.
 *
 * @param ok mails that got a {@code 250}; fail, unknown and info likewise
 * @param delivered recipients of the first that the sink took
 * @param told recipients of whose failure the sender was told
 * @param quiet recipients who were refused where nobody was to be told, so the log says
 * @param loss accepted, and neither at the sink, nor told, nor queued
 * @param phantom refused, and yet taken by the sink or the log
 * @param corrupt arrived with other bytes, or at somebody else's
 * @param silent accepted, without any end in sink and log
 * @param waiting accepted, and still queued
 * @param differing where the log says otherwise than the sink
 * @param bound of the duplicates
 */
record Verdict(
        long ok,
        long fail,
        long unknown,
        long info,
        long delivered,
        long told,
        long quiet,
        List<String> loss,
        List<String> phantom,
        List<String> corrupt,
        List<String> silent,
        List<String> waiting,
        List<String> differing,
        List<Duplicate> duplicates,
        long bound) {
    private static final int SHOWN = 10;

    /** What is wrong, in sentences; empty when nothing is. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        complain(complaints, "lost", loss);
        complain(complaints, "phantom", phantom);
        complain(complaints, "corrupt", corrupt);
        complain(complaints, "ended silently", silent);
        complain(complaints, "still queued", waiting);
        complain(complaints, "otherwise in the log", differing);
        complain(complaints, "duplicates that no fault explains", unexplained());
        if (duplicates.size() > bound) {
            complaints.add(duplicates.size() + " duplicates are more than " + bound);
        }
        return complaints;
    }

    /** Whether time alone can mend nothing of it. */
    boolean isSettled() {
        return loss.isEmpty() && silent.isEmpty() && waiting.isEmpty() && differing.isEmpty();
    }

    List<Duplicate> unexplained() {
        return duplicates.stream().filter(one -> one.why() == Duplicate.Why.UNEXPLAINED).toList();
    }

    private static void complain(List<String> complaints, String what, List<?> those) {
        if (!those.isEmpty()) {
            complaints.add(those.size() + " " + what + ": " + those.stream().limit(SHOWN).toList());
        }
    }
}
