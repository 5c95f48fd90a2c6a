package ai.callmeback.vendors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorBodiesTest {

    /** Every shape of the vendor notes: status, body, then what it means. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|Bad request, sorry|BAD_REQUEST||Bad request, sorry",
                "400|\"Bad request\"|BAD_REQUEST||Bad request",
                "400|{\"err_code\":\"Bad Request\",\"err_msg\":\"No such model\",\"request_id\":\"r\"}|BAD_REQUEST|Bad Request|No such model",
                "401|{\"category\":\"INVALID_AUTH\",\"message\":\"Invalid credentials.\",\"details\":\"d\",\"request_id\":\"r\"}|UNAUTHORIZED|INVALID_AUTH|Invalid credentials.",
                "402|{\"err_code\":\"ASR_PAYMENT_REQUIRED\",\"err_msg\":\"No credit\"}|QUOTA|ASR_PAYMENT_REQUIRED|No credit",
                "429|{\"category\":\"TOO_MANY_REQUESTS\",\"message\":\"m\"}|RATE_LIMITED|TOO_MANY_REQUESTS|m",
                "404|{\"error\":{\"message\":\"no model\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"}}|NOT_FOUND|model_not_found|no model",
                "429|{\"error\":{\"message\":\"pay\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}|QUOTA|insufficient_quota|pay",
                "503|{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}|SERVER_ERROR|503|Loading model",
                "500|{\"error\":\"something broke\"}|SERVER_ERROR||something broke",
                "429|{\"message\":\"high traffic\",\"type\":\"too_many_requests_error\",\"param\":\"queue\",\"code\":\"queue_exceeded\"}|RATE_LIMITED|queue_exceeded|high traffic",
                "401|{\"detail\":{\"status\":\"quota_exceeded\",\"message\":\"used up\"}}|QUOTA|quota_exceeded|used up",
                "400|{\"detail\":{\"status\":\"invalid_api_key\",\"message\":\"bad key\"}}|UNAUTHORIZED|invalid_api_key|bad key",
                "422|{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"field required\",\"type\":\"value_error\"}]}|BAD_REQUEST|value_error|field required",
                "429|{\"statusCode\":429,\"name\":\"daily_quota_exceeded\",\"message\":\"tomorrow\"}|QUOTA|daily_quota_exceeded|tomorrow",
                "409|{\"statusCode\":409,\"name\":\"invalid_idempotent_request\",\"message\":\"other\"}|CONFLICT|invalid_idempotent_request|other",
                "502|<html>Bad gateway</html>|SERVER_ERROR||<html>Bad gateway</html>",
            })
    void readsEveryShape(int status, String body, Kind kind, String code, String message) {
        VendorFault fault = ErrorBodies.fault("v", status, body, null, null);
        assertThat(fault.kind()).isEqualTo(kind);
        assertThat(fault.code()).isEqualTo(code == null ? "" : code);
        assertThat(fault.message()).isEqualTo(message);
        assertThat(fault.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"2,2000", "0.25,250", "'Wed, 21 Oct 2026 07:28:00 GMT',-1", "-5,-1", "99999999999,-1"})
    void readsRetryAfterInSecondsOnly(String header, long millis) {
        VendorFault fault = ErrorBodies.fault("v", 429, "", header, null);
        assertThat(fault.retryAfter()).isEqualTo(millis < 0 ? null : Duration.ofMillis(millis));
    }
}
