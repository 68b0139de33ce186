package posthaste.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A small but real DNS server on 127.0.0.1 (UDP) that knows what a test told it. Any other name
 * does not exist.
 *
 * <pre>{@code
 * dns.mx("example.org", 10, "mx1.example.org").a("mx1.example.org", "127.0.0.2");
 * dns.nullMx("nomail.example").servfail("broken.example").silent("slow.example");
 * }</pre>
 */
public final class ScriptedDns implements AutoCloseable {
    private static final long TTL_SECONDS = 300;
    private static final int LARGEST_PACKET = 65_535;

    /**
     * One question that was asked.
     *
     * @param name without the final dot
     * @param type as {@code MX}
     */
    public record Query(String name, String type) {}

    private enum Behaviour {
        ANSWERS,
        SERVFAIL,
        SILENT
    }

    private final DatagramSocket socket;
    private final Map<Name, List<Record>> zone = new ConcurrentHashMap<>();
    private final Map<Name, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Set<Name> proved = ConcurrentHashMap.newKeySet();
    private final List<Query> queries = new CopyOnWriteArrayList<>();
    private volatile Behaviour everywhere = Behaviour.ANSWERS;

    private ScriptedDns(DatagramSocket socket) {
        this.socket = socket;
    }

    /** Starts on a free port of 127.0.0.1. */
    public static ScriptedDns start() {
        try {
            ScriptedDns dns =
                    new ScriptedDns(
                            new DatagramSocket(
                                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)));
            Thread.ofVirtual().name("scripted dns").start(dns::serve);
            return dns;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return socket.getLocalPort();
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port());
    }

    public ScriptedDns mx(String domain, int preference, String host) {
        return add(new MXRecord(name(domain), DClass.IN, TTL_SECONDS, preference, name(host)));
    }

    /** The domain takes no mail (RFC 7505). */
    public ScriptedDns nullMx(String domain) {
        return add(new MXRecord(name(domain), DClass.IN, TTL_SECONDS, 0, Name.root));
    }

    public ScriptedDns a(String host, String address) {
        return add(new ARecord(name(host), DClass.IN, TTL_SECONDS, InetAddress.ofLiteral(address)));
    }

    public ScriptedDns aaaa(String host, String address) {
        return add(
                new AAAARecord(name(host), DClass.IN, TTL_SECONDS, InetAddress.ofLiteral(address)));
    }

    public ScriptedDns cname(String alias, String target) {
        return add(new CNAMERecord(name(alias), DClass.IN, TTL_SECONDS, name(target)));
    }

    /** The name exists and has no records. */
    public ScriptedDns empty(String domain) {
        zone.computeIfAbsent(name(domain), any -> new CopyOnWriteArrayList<>());
        return this;
    }

    public ScriptedDns servfail(String domain) {
        behaviours.put(name(domain), Behaviour.SERVFAIL);
        return this;
    }

    /** What is said of the name from now on is proved by DNSSEC, as the AD bit says. */
    public ScriptedDns proved(String domain) {
        proved.add(name(domain));
        return this;
    }

    /** Queries for the name get no answer. */
    public ScriptedDns silent(String domain) {
        behaviours.put(name(domain), Behaviour.SILENT);
        return this;
    }

    /** From now on no query gets an answer: the resolver is away. */
    public void fallSilent() {
        everywhere = Behaviour.SILENT;
    }

    /** From now on every query gets SERVFAIL. */
    public void failEverything() {
        everywhere = Behaviour.SERVFAIL;
    }

    /** Answers again. */
    public void comeBack() {
        everywhere = Behaviour.ANSWERS;
    }

    /** Forgets all that was said about a name. */
    public void forget(String domain) {
        zone.remove(name(domain));
        behaviours.remove(name(domain));
    }

    /** Every question so far. */
    public List<Query> queries() {
        return List.copyOf(queries);
    }

    /** How often a name's records of a type were asked for. */
    public long queriesFor(String domain, String type) {
        return queries.stream().filter(new Query(domain, type)::equals).count();
    }

    @Override
    public void close() {
        socket.close();
    }

    private ScriptedDns add(Record record) {
        zone.computeIfAbsent(record.getName(), any -> new CopyOnWriteArrayList<>()).add(record);
        return this;
    }

    private void serve() {
        byte[] buffer = new byte[LARGEST_PACKET];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Message query =
                        new Message(java.nio.ByteBuffer.wrap(buffer, 0, packet.getLength()));
                Message answer = answer(query);
                if (answer != null) {
                    byte[] wire = answer.toWire(LARGEST_PACKET);
                    socket.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private @Nullable Message answer(Message query) {
        Record question = query.getQuestion();
        queries.add(new Query(question.getName().toString(true), Type.string(question.getType())));
        Behaviour behaviour =
                everywhere != Behaviour.ANSWERS
                        ? everywhere
                        : behaviours.getOrDefault(question.getName(), Behaviour.ANSWERS);
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        if (proved.contains(question.getName())) {
            answer.getHeader().setFlag(Flags.AD);
        }
        answer.addRecord(question, Section.QUESTION);
        return switch (behaviour) {
            case SILENT -> null;
            case SERVFAIL -> {
                answer.getHeader().setRcode(Rcode.SERVFAIL);
                yield answer;
            }
            case ANSWERS -> {
                lookUp(question, answer);
                yield answer;
            }
        };
    }

    private void lookUp(Record question, Message answer) {
        Name name = question.getName();
        List<Name> seen = new ArrayList<>();
        while (!seen.contains(name)) {
            seen.add(name);
            List<Record> records = zone.get(name);
            if (records == null) {
                answer.getHeader().setRcode(Rcode.NXDOMAIN);
                break;
            }
            Name target = null;
            for (Record record : records) {
                if (record.getType() == question.getType()) {
                    answer.addRecord(record, Section.ANSWER);
                } else if (record instanceof CNAMERecord alias) {
                    answer.addRecord(alias, Section.ANSWER);
                    target = alias.getTarget();
                }
            }
            if (target == null) {
                break;
            }
            name = target;
        }
        if (answer.getSection(Section.ANSWER).isEmpty()) {
            answer.addRecord(
                    new SOARecord(
                            name,
                            DClass.IN,
                            TTL_SECONDS,
                            name,
                            name,
                            1,
                            3600,
                            600,
                            86_400,
                            TTL_SECONDS),
                    Section.AUTHORITY);
        }
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
