package posthaste.mail.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.mail.status.EnhancedStatusCode;

class NoticeTest {

    @Test
    void itIsAboutRecipientsOfItsEnvelope() {
        assertThat(notice(List.of(entry(0), entry(1))).mailId()).isEqualTo(Mails.ID);
        assertThatThrownBy(() -> notice(List.of(entry(2))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> notice(List.of(entry(-1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNoticeAboutNobodyIsNone() {
        assertThatThrownBy(() -> notice(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Notice notice(List<Notice.Entry> entries) {
        return new Notice(
                Mails.ID + ".0/FAILED",
                EncodedEnvelope.of(Mails.to("a@remote.example", "b@remote.example")),
                Mails.BODY,
                Mails.ACCEPTED,
                entries);
    }

    private static Notice.Entry entry(int recipient) {
        return new Notice.Entry(
                recipient,
                Notice.Action.FAILED,
                new EnhancedStatusCode(5, 1, 1),
                Optional.empty(),
                "no such user",
                "",
                Optional.empty());
    }
}
