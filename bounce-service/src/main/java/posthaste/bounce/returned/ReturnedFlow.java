package posthaste.bounce.returned;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import posthaste.queue.QueuedRecord;
import posthaste.service.flow.Step;

/**
 * The front door for what came back. A report of {@code mail.inbound} comes in; what settles it
 * goes out: events about the mails that it concerns, and the report itself for whom it is meant.
 * Holds invariant 3: a report that a crash has read twice leads to the same ids.
 */
@Configuration(proxyBeanMethods = false)
public class ReturnedFlow {

    @Bean
    DirectChannel returnedReports() {
        return new DirectChannel();
    }

    @Bean
    IntegrationFlow returned(
            DirectChannel returnedReports,
            ReadReport readReport,
            MatchReport matchReport,
            ForwardReport forwardReport,
            SuppressReported suppressReported,
            SettleReport settleReport) {
        return IntegrationFlow.from(returnedReports)
                .handle(Step.of(QueuedRecord.class, readReport::read))
                .handle(Step.of(Report.class, matchReport::match))
                .handle(Step.of(Matched.class, forwardReport::forwarded))
                .handle(Step.of(Forwarded.class, suppressReported::noted))
                .handle(Step.of(Forwarded.class, settleReport::settle))
                .get();
    }
}
