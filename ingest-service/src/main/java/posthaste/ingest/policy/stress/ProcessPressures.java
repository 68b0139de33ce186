package posthaste.ingest.policy.stress;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.stream.Stream;

/** What every process can run out of. */
public final class ProcessPressures {

    private ProcessPressures() {}

    /** Heap and file descriptors, as far as this system tells. */
    public static List<Pressure> all() {
        List<MemoryPoolMXBean> heap =
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .filter(pool -> pool.getCollectionUsage() != null)
                        .toList();
        return Stream.of(
                        new Pressure("heap", () -> liveHeap(heap)),
                        new Pressure("files", ProcessPressures::openFiles))
                .toList();
    }

    /** What the last collection could not free; what is merely not collected yet is no pressure. */
    private static double liveHeap(List<MemoryPoolMXBean> heap) {
        long live = 0;
        for (MemoryPoolMXBean pool : heap) {
            MemoryUsage usage = pool.getCollectionUsage();
            live += usage == null ? 0 : usage.getUsed();
        }
        return (double) live / Runtime.getRuntime().maxMemory();
    }

    private static double openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                ? (double) os.getOpenFileDescriptorCount()
                        / Math.max(1, os.getMaxFileDescriptorCount())
                : 0;
    }
}
