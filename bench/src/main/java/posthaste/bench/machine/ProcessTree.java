package posthaste.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process with all of its descendants, those included that have ended and were waited for.
 * Processes that have moved to another parent are seen where they are looked for.
 */
public final class ProcessTree {
    /** {@code sysconf(_SC_CLK_TCK)}, which is 100 on every Linux that Java runs on. */
    private static final long TICKS_A_SECOND = 100;

    /** {@code utime, stime, cutime, cstime} behind the name in parentheses; proc(5). */
    private static final int FIRST_TIME = 11;

    private static final int TIMES = 4;
    private static final String PSS = "Pss:";

    private final List<ProcessHandle> roots;

    /** Those of one process. */
    public ProcessTree(ProcessHandle root) {
        this(List.of(root));
    }

    private ProcessTree(List<ProcessHandle> roots) {
        this.roots = List.copyOf(roots);
    }

    /**
     * Together with those that work in {@code folder} and have left their parent, as a database
     * does that is to outlive whoever started it.
     */
    public static ProcessTree of(ProcessHandle root, Path folder) throws IOException {
        Path real = folder.toRealPath();
        List<ProcessHandle> roots = new ArrayList<>(List.of(root));
        Set<ProcessHandle> known = root.descendants().collect(Collectors.toSet());
        List<ProcessHandle> there =
                ProcessHandle.allProcesses()
                        .filter(process -> worksIn(process, real))
                        .filter(process -> !process.equals(root) && !known.contains(process))
                        .toList();
        there.stream()
                .filter(process -> process.parent().filter(there::contains).isEmpty())
                .forEach(roots::add);
        return new ProcessTree(roots);
    }

    private static boolean worksIn(ProcessHandle process, Path folder) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
                    .startsWith(folder);
        } catch (IOException e) {
            // It has ended meanwhile, or is another user's.
            return false;
        }
    }

    /** Processor time used so far, by all of them, in user and kernel. */
    public Duration processorTime() {
        long ticks = processes().mapToLong(ProcessTree::ticks).sum();
        return Duration.ofMillis(ticks * 1000 / TICKS_A_SECOND);
    }

    /** Octets of memory, those that several processes share counted once. */
    public long memory() {
        return processes().mapToLong(ProcessTree::proportionalSetSize).sum();
    }

    Stream<ProcessHandle> processes() {
        return roots.stream().flatMap(root -> Stream.concat(Stream.of(root), root.descendants()));
    }

    private static long ticks(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "));
            return fields.subList(FIRST_TIME, FIRST_TIME + TIMES).stream()
                    .mapToLong(Long::parseLong)
                    .sum();
        } catch (IOException e) {
            // It has ended meanwhile, and its parent counts it.
            return 0;
        }
    }

    private static long proportionalSetSize(ProcessHandle process) {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith(PSS))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    * 1024;
        } catch (IOException e) {
            return 0;
        }
    }
}
