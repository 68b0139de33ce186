package posthaste.broker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void aPortThatIsAboutToBeGivenUpIsWaitedFor() throws Exception {
        ServerSocket predecessor = listening();
        Thread end =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                Thread.sleep(Duration.ofMillis(200));
                                predecessor.close();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        assertThatCode(() -> Ports.requireFree(predecessor.getLocalPort()))
                .doesNotThrowAnyException();
        end.join();
    }

    @Test
    void aPortOfAnotherIsRefused() throws Exception {
        try (ServerSocket other = listening()) {
            assertThatThrownBy(() -> Ports.requireFree(other.getLocalPort()))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessage(
                            "port %d on 127.0.0.1, where the broker is to listen, is in use",
                            other.getLocalPort());
        }
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    }
}
