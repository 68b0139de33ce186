package posthaste.bounce.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ThisMachineTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.1.2.3, true",
        "0:0:0:0:0:0:0:1, true",
        "::1, true",
        "192.0.2.1, false",
        "10.0.0.1, false",
        "2001:db8::1, false",
    })
    void onlyALoopbackAddressIsThisMachine(String address, boolean isThisMachine) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(address);
        assertThat(SecurityConfiguration.isFromThisMachine(request)).isEqualTo(isThisMachine);
        request.addHeader("X-Forwarded-For", "127.0.0.1");
        assertThat(SecurityConfiguration.isFromThisMachine(request)).isFalse();
    }
}
