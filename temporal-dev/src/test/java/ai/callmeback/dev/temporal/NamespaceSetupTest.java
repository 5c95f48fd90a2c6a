package ai.callmeback.dev.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.temporal.api.enums.v1.IndexedValueType;
import java.util.Map;
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
}
