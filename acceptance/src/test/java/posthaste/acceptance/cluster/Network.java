package posthaste.acceptance.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import posthaste.testing.Requires;

/**
 * A network of its own for each part (Linux' network namespaces), joined by a bridge to which this
 * JVM belongs: so that lines can be cut one by one, as by pulling a cable or by a firewall.
 */
public final class Network implements Neighbourhood, AutoCloseable {
    private static final int HOST = 254;
    private static final Set<Network> EXISTING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> EXISTING.forEach(Network::close)));
    }

    private final String ip = Requires.program("ip").toString();
    private final String name;
    private final String prefix;
    private final List<Home> homes = new ArrayList<>();

    private Network(String name, String prefix) {
        this.name = name;
        this.prefix = prefix;
    }

    /** Steps aside where namespaces cannot be made. */
    public static Network create() throws InterruptedException {
        Requires.program("iptables");
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Network network =
                new Network(
                        "ph%04x".formatted(random.nextInt(0x10000)),
                        "10.%d.%d.".formatted(random.nextInt(64, 255), random.nextInt(256)));
        boolean possible = true;
        EXISTING.add(network);
        try {
            network.ip("link", "add", network.name, "type", "bridge");
            network.ip("addr", "add", network.host() + "/24", "dev", network.name);
            network.ip("link", "set", network.name, "up");
            network.ip("netns", "add", network.namespace(0));
            network.ip("netns", "del", network.namespace(0));
        } catch (AssertionError _) {
            possible = false;
            network.close();
        }
        Requires.that(possible, "this machine lets nobody make network namespaces");
        return network;
    }

    @Override
    public String host() {
        return prefix + HOST;
    }

    @Override
    public Home next() throws InterruptedException {
        int number = homes.size() + 1;
        String namespace = namespace(number);
        String outside = outside(number);
        String inside = "eth0";
        ip("netns", "add", namespace);
        homes.add(new Home(prefix + number, List.of(ip, "netns", "exec", namespace)));
        ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", namespace);
        ip("link", "set", outside, "master", name, "up");
        ip("-n", namespace, "addr", "add", prefix + number + "/24", "dev", inside);
        ip("-n", namespace, "link", "set", inside, "up");
        ip("-n", namespace, "link", "set", "lo", "up");
        return homes.getLast();
    }

    /** Pulls the cable: whatever the part sends or is sent gets lost, and nobody is told. */
    public void isolate(Part part) throws InterruptedException {
        ip("link", "set", outside(number(part)), "down");
    }

    /** Cuts the line between two parts; both still reach all others. */
    public void cut(Part one, Part other) throws InterruptedException {
        drop(one, other);
        drop(other, one);
    }

    /** Mends every line of a part. */
    public void mend(Part part) throws InterruptedException {
        ip("link", "set", outside(number(part)), "up");
        inside(part, "iptables", "-F");
        for (int i = 1; i <= homes.size(); i++) {
            // What the others drop of it.
            Home other = homes.get(i - 1);
            String rules = Shell.run(other.entered(List.of("iptables", "-S", "INPUT")));
            String rule = "-A INPUT -s " + part.home().address() + "/32 -j DROP";
            if (rules.contains(rule)) {
                Shell.run(
                        other.entered(
                                List.of(
                                        "iptables",
                                        "-D",
                                        "INPUT",
                                        "-s",
                                        part.home().address(),
                                        "-j",
                                        "DROP")));
            }
        }
    }

    /** Takes every namespace and the bridge away; processes that still live there lose it. */
    @Override
    public void close() {
        if (!EXISTING.remove(this)) {
            return;
        }
        List<List<String>> commands = new ArrayList<>();
        for (int number = 1; number <= homes.size(); number++) {
            // With its namespace each pair of devices goes once no process is in it.
            commands.add(List.of(ip, "link", "del", outside(number)));
            commands.add(List.of(ip, "netns", "del", namespace(number)));
        }
        commands.add(List.of(ip, "link", "del", name));
        for (List<String> command : commands) {
            try {
                Shell.attempt(command);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void drop(Part at, Part from) throws InterruptedException {
        inside(at, "iptables", "-A", "INPUT", "-s", from.home().address(), "-j", "DROP");
    }

    private static void inside(Part part, String... command) throws InterruptedException {
        Shell.run(part.home().entered(List.of(command)));
    }

    private int number(Part part) {
        int index = homes.indexOf(part.home());
        if (index < 0) {
            throw new IllegalArgumentException(part + " does not live in this network");
        }
        return index + 1;
    }

    private String namespace(int number) {
        return name + "-" + number;
    }

    private String outside(int number) {
        return name + "v" + number;
    }

    private void ip(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(ip));
        command.addAll(List.of(arguments));
        Shell.run(command);
    }
}
