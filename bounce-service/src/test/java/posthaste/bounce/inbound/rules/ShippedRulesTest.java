package posthaste.bounce.inbound.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What replies mean by the shipped rules: codes that providers publish, and wordings. */
class ShippedRulesTest {
    private static final BounceClassifier CLASSIFIER = RuleBook.shipped();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    550 | 5.1.1     | RCPT | The email account that you tried to reach does not exist      | INVALID_RECIPIENT
                    550 | 5.1.10    | -    | RESOLVER.ADR.RecipientNotFound; Recipient not found           | INVALID_RECIPIENT
                    550 | 5.4.1     | RCPT | Recipient address rejected: Access denied                     | INVALID_RECIPIENT
                    550 | 5.7.1     | DATA | User unknown                                                  | UNSPECIFIC
                    550 | -         | RCPT | 用户不存在                                                     | INVALID_RECIPIENT
                    550 | 5.1.2     | -    | Host unknown                                                  | INVALID_DOMAIN
                    550 | 5.4.310   | -    | DNS domain example.org does not exist                         | INVALID_DOMAIN
                    556 | 5.1.10    | -    | Recipient domain has a null MX                                | INVALID_DOMAIN
                    -   | -         | -    | all relevant MX records point to non-existent hosts           | INVALID_DOMAIN
                    550 | 5.7.505   | -    | Access denied, banned recipient                               | INACTIVE
                    554 | -         | -    | delivery error: dd This account has been disabled             | INACTIVE
                    452 | 4.2.2     | -    | The email account that you tried to reach is over quota       | MAILBOX_FULL
                    552 | 5.1.1     | RCPT | Boite du destinataire pleine. Recipient overquota. OFR_417    | MAILBOX_FULL
                    552 | 5.2.3     | -    | Your message exceeded Google's message size limits            | SIZE
                    550 | 5.7.606   | -    | Access denied, banned sending IP [192.0.2.1]                  | REPUTATION
                    421 | 4.7.0     | -    | [TSS04] Messages from 192.0.2.1 temporarily deferred          | REPUTATION
                    554 | -         | CONN | 192.0.2.1 rejected - RBL. IB104                               | REPUTATION
                    550 | 5.7.25    | -    | The IP address sending this message does not have a PTR record | REPUTATION
                    550 | 5.7.26    | -    | Unauthenticated email is not accepted due to DMARC policy     | AUTH
                    550 | 5.7.23    | -    | The message was rejected because of SPF                       | AUTH
                    454 | 4.7.321   | -    | starttls-not-supported: Destination must support TLS          | AUTH
                    554 | 5.7.1     | DATA | Message rejected under suspicion of SPAM                      | CONTENT
                    552 | 5.7.0     | DATA | This message was blocked because its content presents a potential security issue | CONTENT
                    554 | -         | DATA | DT:SPM 163 smtp, please see http://mail.163.example           | CONTENT
                    550 | 5.2.121   | -    | Recipient's per hour message receive limit exceeded           | RATE
                    421 | 4.7.28    | -    | Our system has detected an unusual rate of mail               | RATE
                    421 | -         | CONN | Too many connections, slow down. LPN105_104                   | RATE
                    421 | 4.4.2     | -    | Timeout - closing connection                                  | TRANSIENT
                    451 | 4.7.1     | RCPT | Greylisting in action, please try later                       | TRANSIENT
                    554 | 5.4.6     | -    | Too many hops                                                 | TRANSIENT
                    550 | 5.7.1     | RCPT | Relaying denied                                               | PROTOCOL
                    503 | 5.5.1     | -    | RCPT first                                                    | PROTOCOL
                    550 | -         | -    | Mail is rejected by recipients                                | UNSPECIFIC
                    550 | 5.0.0     | -    | Something that nobody has said before                         | UNSPECIFIC
                    """)
    void tellAWordingApart(
            String code, String status, String command, String text, BounceClass expected) {
        Classification found =
                CLASSIFIER.classify(
                        new Refusal(
                                code == null ? 0 : Integer.parseInt(code),
                                status == null ? "" : status,
                                text,
                                command == null ? "" : command));
        assertThat(found.bounceClass()).as(found.toString()).isEqualTo(expected);
        assertThat(found.hard())
                .isEqualTo(
                        expected == BounceClass.INVALID_RECIPIENT
                                || expected == BounceClass.INVALID_DOMAIN);
    }

    @Test
    void aDomainThatMayBeBackIsSoft() {
        Classification found =
                CLASSIFIER.classify(new Refusal(450, "4.1.2", "Domain not found", "RCPT"));
        assertThat(found.bounceClass()).isEqualTo(BounceClass.INVALID_DOMAIN);
        assertThat(found.hard()).isFalse();
    }

    @Test
    void whatIsNotToldIsUnspecific() {
        assertThat(CLASSIFIER.classify(new Refusal(0, "", "", "")).bounceClass())
                .isEqualTo(BounceClass.UNSPECIFIC);
        assertThat(CLASSIFIER.classify(new Refusal(450, "", "", "")).bounceClass())
                .isEqualTo(BounceClass.TRANSIENT);
    }
}
