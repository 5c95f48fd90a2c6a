package ai.callmeback.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import io.temporal.client.WorkflowClient;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** {@code TEMPORAL_API_KEY} reaches the connection, and with it TLS. */
class TemporalKeyTest extends ApiTest {
    @Autowired
    private WorkflowClient temporal;

    @Test
    void theKeyIsSentOverTls() {
        var options = temporal.getWorkflowServiceStubs().getOptions();

        assertThat(options.getEnableHttps()).isTrue();
        assertThat(options.getGrpcMetadataProviders()).hasSize(1);
    }
}
