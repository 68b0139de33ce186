package posthaste.ingest.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);
    private static final byte[] FROM_4 = {(byte) 192, 0, 2, 7, 10, 0, 0, 1, 0x12, 0x34, 0, 25};

    @Test
    void aLineNamesItsClient() {
        assertThat(client("PROXY TCP4 192.0.2.7 10.0.0.1 4660 25\r\nEHLO"))
                .contains(InetAddress.ofLiteral("192.0.2.7"));
        assertThat(client("PROXY TCP6 2001:db8::7 2001:db8::1 4660 25\r\n"))
                .contains(InetAddress.ofLiteral("2001:db8::7"));
        assertThat(client("PROXY UNKNOWN\r\n")).isEmpty();
        assertThat(client("PROXY UNKNOWN whatever ends here\r\n")).isEmpty();
        assertThat(read("PROXY TCP4 192.0.2.7 10.0.0.1 4660 25\r\nEHLO"))
                .isInstanceOfSatisfying(
                        ProxyHeader.Complete.class,
                        header -> assertThat(header.end()).isEqualTo(39));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO c\r\n",
                "PROXX",
                "PROXY TCP4 192.0.2.7 10.0.0.1 4660 25\n",
                "PROXY TCP4 192.0.2.7 10.0.0.1 4660\r\n",
                "PROXY TCP4  192.0.2.7 10.0.0.1 4660 25\r\n",
                "PROXY TCP4 192.0.2.256 10.0.0.1 4660 25\r\n",
                "PROXY TCP4 192.0.2 10.0.0.1 4660 25\r\n",
                "PROXY TCP4 0192.0.2.7 10.0.0.1 4660 25\r\n",
                "PROXY TCP4 2001:db8::7 10.0.0.1 4660 25\r\n",
                "PROXY TCP6 192.0.2.7 10.0.0.1 4660 25\r\n",
                "PROXY TCP6 fe80::1%eth0 ::1 4660 25\r\n",
                "PROXY TCP4 192.0.2.7 10.0.0.1 65536 25\r\n",
                "PROXY TCP4 192.0.2.7 10.0.0.1 -1 25\r\n",
                "PROXY UDP4 192.0.2.7 10.0.0.1 4660 25\r\n",
                "PROXY \r\n",
                "\r\n\r\nX",
            })
    void whatIsNoHeaderIsRefused(String octets) {
        assertThat(read(octets)).isInstanceOf(ProxyHeader.Wrong.class);
    }

    @Test
    void aLineWithoutEndIsRefused() {
        assertThat(read("PROXY UNKNOWN " + "x".repeat(92)))
                .isInstanceOf(ProxyHeader.Incomplete.class);
        assertThat(read("PROXY UNKNOWN " + "x".repeat(93))).isInstanceOf(ProxyHeader.Wrong.class);
    }

    @Test
    void octetsNameTheirClientAndWhatFollowsTheAddressesIsSkipped() {
        assertThat(client(version2(0x21, 0x11, FROM_4, 0)))
                .contains(InetAddress.ofLiteral("192.0.2.7"));
        assertThat(client(version2(0x21, 0x11, FROM_4, 100)))
                .contains(InetAddress.ofLiteral("192.0.2.7"));
        byte[] from6 = new byte[36];
        from6[0] = 0x20;
        from6[1] = 0x01;
        from6[15] = 7;
        assertThat(client(version2(0x21, 0x21, from6, 9)))
                .contains(InetAddress.ofLiteral("2001::7"));
        assertThat(client(version2(0x20, 0x00, new byte[0], 0))).isEmpty();
        assertThat(client(version2(0x20, 0x11, FROM_4, 0))).isEmpty();
        assertThat(client(version2(0x21, 0x00, new byte[0], 20))).isEmpty();
        assertThat(client(version2(0x21, 0x31, new byte[216], 0))).isEmpty();
    }

    @Test
    void octetsThatAreNoHeaderAreRefused() {
        assertThat(read(version2(0x11, 0x11, FROM_4, 0))).isInstanceOf(ProxyHeader.Wrong.class);
        assertThat(read(version2(0x22, 0x11, FROM_4, 0))).isInstanceOf(ProxyHeader.Wrong.class);
        assertThat(read(version2(0x21, 0x11, new byte[11], 0)))
                .isInstanceOf(ProxyHeader.Wrong.class);
        assertThat(read(version2(0x21, 0x21, FROM_4, 0))).isInstanceOf(ProxyHeader.Wrong.class);
        assertThat(read(version2(0x21, 0x11, FROM_4, 5000))).isInstanceOf(ProxyHeader.Wrong.class);
    }

    @Test
    void everyBeginningOfAHeaderIsAwaitedAndItsEndIsFound() {
        byte[] line = "PROXY TCP4 192.0.2.7 10.0.0.1 4660 25\r\n".getBytes(ISO_8859_1);
        byte[] octets = version2(0x21, 0x11, FROM_4, 30);
        for (byte[] header : new byte[][] {line, octets}) {
            for (int length = 0; length < header.length; length++) {
                assertThat(ProxyHeader.read(header, 0, length))
                        .isInstanceOf(ProxyHeader.Incomplete.class);
            }
            byte[] more = java.util.Arrays.copyOf(header, header.length + 20);
            assertThat(ProxyHeader.read(more, 0, more.length))
                    .isEqualTo(
                            new ProxyHeader.Complete(
                                    header.length,
                                    Optional.of(InetAddress.ofLiteral("192.0.2.7"))));
        }
    }

    @Test
    void nothingThatAProxySendsBreaksTheReader() {
        byte[][] seeds = {
            "PROXY TCP4 192.0.2.7 10.0.0.1 4660 25\r\n".getBytes(ISO_8859_1),
            "PROXY TCP6 2001:db8::7 ::1 4660 25\r\n".getBytes(ISO_8859_1),
            version2(0x21, 0x11, FROM_4, 30),
            version2(0x21, 0x21, new byte[36], 3),
        };
        Random random = new Random(17);
        for (int i = 0; i < 500_000; i++) {
            byte[] header = seeds[random.nextInt(seeds.length)].clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                header[random.nextInt(header.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(header.length + 1);
            requireAnswer(header, length);
        }
    }

    /** What was read of a header may end it, and not behind itself. */
    static void requireAnswer(byte[] header, int length) {
        if (ProxyHeader.read(header, 0, length)
                instanceof ProxyHeader.Complete(int end, Optional<InetAddress> _)) {
            assertThat(end).isBetween(1, length);
        }
    }

    private static byte[] version2(int command, int family, byte[] addresses, int more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        out.write(command);
        out.write(family);
        out.write((addresses.length + more) >> 8);
        out.write(addresses.length + more);
        out.writeBytes(addresses);
        out.writeBytes(new byte[more]);
        return out.toByteArray();
    }

    private static Optional<InetAddress> client(String octets) {
        return client(octets.getBytes(ISO_8859_1));
    }

    private static Optional<InetAddress> client(byte[] octets) {
        ProxyHeader header = read(octets);
        assertThat(header).isInstanceOf(ProxyHeader.Complete.class);
        return ((ProxyHeader.Complete) header).client();
    }

    private static ProxyHeader read(String octets) {
        return read(octets.getBytes(ISO_8859_1));
    }

    private static ProxyHeader read(byte[] octets) {
        return ProxyHeader.read(octets, 0, octets.length);
    }
}
