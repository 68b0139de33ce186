package posthaste.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class ScriptedDnsTest {

    @Test
    void itKnowsWhatItWasTold() throws Exception {
        try (ScriptedDns dns = ScriptedDns.start()) {
            dns.mx("example.org", 10, "mx.example.org")
                    .a("mx.example.org", "127.0.0.2")
                    .aaaa("mx.example.org", "::1")
                    .cname("www.example.org", "mx.example.org")
                    .nullMx("nomail.example")
                    .servfail("broken.example");

            assertThat(ask(dns, "example.org", Type.MX).getSection(Section.ANSWER))
                    .singleElement()
                    .asString()
                    .contains("10 mx.example.org");
            assertThat(ask(dns, "www.example.org", Type.A).getSection(Section.ANSWER)).hasSize(2);
            assertThat(ask(dns, "mx.example.org", Type.MX).getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(ask(dns, "other.example", Type.MX).getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(ask(dns, "broken.example", Type.MX).getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(dns.queriesFor("example.org", "MX")).isEqualTo(1);
        }
    }

    private static Message ask(ScriptedDns dns, String name, int type) throws Exception {
        SimpleResolver resolver = new SimpleResolver(dns.address());
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver.send(
                Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN)));
    }
}
