package ai.callmeback.dev.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ai.callmeback.vendors.settings.Secret;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NamespaceSetupTest {

    /** The last rung has no namespaces; preparing it must not fail, also when repeated. */
    @Test
    void theInJvmServerIsPreparedWithoutComplaint() throws Exception {
        try (InJvmServer server = InJvmServer.start(0)) {
            NamespaceSetup setup = new NamespaceSetup(server.target(), "default");
            Map<String, IndexedValueType> attributes = Map.of("Something", IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);

            assertThatCode(() -> {
                        setup.prepare(attributes);
                        setup.prepare(attributes);
                    })
                    .doesNotThrowAnyException();
            assertThat(setup.serverVersion()).isEmpty();
        }
    }

    /** With a key it is never spoken in the clear: TLS begins with its handshake record, HTTP/2 with its preface. */
    @Test
    void anApiKeyIsSentUnderTlsOnly() throws Exception {
        assertThat(firstByteOf(Secret.of("a-key"))).isEqualTo(0x16);
        assertThat(firstByteOf(Secret.NONE)).isEqualTo('P');
    }

    /** Of what is sent to a server that takes the connection and never answers. */
    private static int firstByteOf(Secret apiKey) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            NamespaceSetup setup = new NamespaceSetup("127.0.0.1:" + server.getLocalPort(), "default", apiKey);
            CompletableFuture<String> version = CompletableFuture.supplyAsync(setup::serverVersion);
            int first;
            try (Socket connection = server.accept()) {
                first = connection.getInputStream().read();
            }
            assertThat(version)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(StatusRuntimeException.class);
            return first;
        }
    }
}
