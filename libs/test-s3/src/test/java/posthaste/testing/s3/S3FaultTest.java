package posthaste.testing.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class S3FaultTest {

    @Test
    void aFaultIsReadAsItIsWritten() {
        S3Fault fault =
                S3Fault.status(503)
                        .on(S3Operation.PUT_OBJECT, S3Operation.UPLOAD_PART)
                        .forKeysWith("primary/2026&")
                        .forShare(0.25)
                        .times(7);
        assertThat(S3Fault.ofQuery(fault.toQuery())).isEqualTo(fault);
    }

    @Test
    void onlyTheKindMustBeSaid() {
        assertThat(S3Fault.ofQuery("kind=reset")).isEqualTo(S3Fault.reset());
        assertThatThrownBy(() -> S3Fault.ofQuery("amount=503"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
