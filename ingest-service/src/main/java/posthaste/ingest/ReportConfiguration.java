package posthaste.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import posthaste.body.BodyStore;
import posthaste.body.MemoryBudget;
import posthaste.ingest.accept.ReceiveMessage;
import posthaste.ingest.accept.ReceivedField;
import posthaste.ingest.accept.Signers;
import posthaste.ingest.accept.StreamOfMail;
import posthaste.ingest.accept.Tidying;
import posthaste.ingest.dkim.DkimProperties;
import posthaste.ingest.dkim.DkimSigner;
import posthaste.ingest.dkim.KeyRing;
import posthaste.ingest.listener.SmtpProperties;
import posthaste.ingest.policy.AllPolicies;
import posthaste.ingest.policy.StreamChoice;
import posthaste.ingest.returned.ReportAddresses;
import posthaste.ingest.returned.TakeReport;
import posthaste.service.verp.InboundProperties;
import posthaste.service.verp.ReturnAddresses;

/** What comes back, as far as ingest-service has a hand in it. */
@Configuration(proxyBeanMethods = false)
@Import(ReportFlow.class)
public class ReportConfiguration {
    /** No field has an empty name: a report names no stream. */
    private static final String NO_FIELD = "";

    @Bean
    ReportAddresses reportAddresses(
            ReturnAddresses returnAddresses,
            InboundProperties properties,
            InstantSource clock,
            MeterRegistry registry) {
        return new ReportAddresses(returnAddresses, properties, clock, registry);
    }

    /** Nothing is judged by its header, left out, added or signed: it is evidence. */
    @Bean
    TakeReport takeReport(
            BodyStore bodies,
            MemoryBudget memory,
            SmtpProperties smtp,
            DkimProperties dkim,
            InboundProperties properties,
            MeterRegistry registry) {
        return new TakeReport(
                new ReceiveMessage(
                        bodies,
                        memory,
                        new ReceivedField(smtp.hostName()),
                        smtp.headerLimits(),
                        new AllPolicies(List.of()),
                        new Tidying(Tidying.Rules.NONE, smtp.hostName(), Map.of()),
                        new Signers(
                                new DkimSigner(KeyRing::empty, dkim.settings(), registry),
                                List.of()),
                        new StreamOfMail(new StreamChoice(List.of(), _ -> false), NO_FIELD),
                        smtp.memoryWait(),
                        smtp.acceptanceDeadline()),
                properties.maxMessageSize().toBytes());
    }
}
