package ai.callmeback.dev.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path cache;

    @Test
    void theUsualPortIsTakenWhenFreeAndAnotherWhenNot() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Ports ports = Ports.preferUsual(cache)) {
            int free;
            try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                free = gone.getLocalPort();
            }

            assertThat(ports.take(free)).isEqualTo(free);
            assertThat(ports.take(busy.getLocalPort())).isNotEqualTo(busy.getLocalPort());
            assertThat(ports.take(free)).as("never the same twice").isNotEqualTo(free);
        }
    }

    @Test
    void onlyOneEnvironmentAtATimeMayHaveTheUsualPorts() throws Exception {
        int free;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = gone.getLocalPort();
        }
        try (Ports first = Ports.preferUsual(cache);
                Ports second = Ports.preferUsual(cache)) {
            assertThat(second.take(free)).isNotEqualTo(free);
            assertThat(first.take(free)).isEqualTo(free);
        }
        try (Ports third = Ports.preferUsual(cache)) {
            assertThat(third.take(free)).isEqualTo(free);
        }
    }
}
