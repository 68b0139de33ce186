package posthaste.outbound.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
    private static final NextHop EXACT = new NextHop("exact", 25);
    private static final NextHop WIDE = new NextHop("wide", 25);
    private static final NextHop WIDER = new NextHop("wider", 25);
    private static final NextHop REST = new NextHop("rest", 25);

    @Test
    void theExactDomainComesBeforeTheLongestWildcardBeforeTheRest() {
        RoutingTable table =
                new RoutingTable(
                        Optional.empty(),
                        Map.of(
                                "Example.ORG", EXACT,
                                "*.a.example.org", WIDE,
                                "*.example.org", WIDER,
                                "*", REST));
        assertThat(table.route("example.org")).isEqualTo(new Route.ToNextHop(EXACT));
        assertThat(table.route("b.a.example.org")).isEqualTo(new Route.ToNextHop(WIDE));
        assertThat(table.route("a.example.org")).isEqualTo(new Route.ToNextHop(WIDER));
        assertThat(table.route("c.d.example.org")).isEqualTo(new Route.ToNextHop(WIDER));
        assertThat(table.route("notexample.org")).isEqualTo(new Route.ToNextHop(REST));
    }

    @Test
    void whatNoRouteTakesGoesByMxOrToItsLiteral() {
        RoutingTable table = new RoutingTable(Optional.empty(), Map.of("example.org", EXACT));
        assertThat(table.route("sub.example.org")).isEqualTo(new Route.ByMx("sub.example.org"));
        assertThat(table.route("[192.0.2.1]")).isEqualTo(new Route.ToLiteral("[192.0.2.1]"));
    }

    @Test
    void relayToTakesEverything() {
        RoutingTable table = new RoutingTable(Optional.of(REST), Map.of("example.org", EXACT));
        assertThat(table.route("example.org")).isEqualTo(new Route.ToNextHop(REST));
        assertThat(table.route("[192.0.2.1]")).isEqualTo(new Route.ToNextHop(REST));
    }

    @Test
    void aPatternThatIsNoneIsNamed() {
        for (String pattern : new String[] {"", "*example.org", "a..b", "*.", "a b", "x.*.org"}) {
            assertThatThrownBy(() -> new RoutingTable(Optional.empty(), Map.of(pattern, EXACT)))
                    .as(pattern)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("not: " + pattern);
        }
    }

    @Test
    void aNextHopIsAHostAndAPort() {
        assertThat(NextHop.parse("Mail.example.org:587", 25))
                .isEqualTo(new NextHop("mail.example.org", 587));
        assertThat(NextHop.parse("127.0.0.1", 25)).hasToString("127.0.0.1:25");
        assertThat(NextHop.parse("[::1]:2525", 25)).hasToString("[::1]:2525");
        for (String bad : new String[] {"", "host:0", "host:99999", ":25", "a b", "host:x"}) {
            assertThatThrownBy(() -> NextHop.parse(bad, 25))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
