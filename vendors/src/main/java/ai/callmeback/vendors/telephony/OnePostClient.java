package ai.callmeback.vendors.telephony;

import ai.callmeback.vendors.settings.Urls;
import ai.callmeback.vendors.settings.VendorPolicy;
import com.twilio.exception.ApiConnectionException;
import com.twilio.http.HttpClient;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries the SDK's requests: each exactly once, to our own base, within a deadline.
 *
 * <p>The SDK's {@code NetworkHttpClient} will not do. It repeats a request on any 5xx and Apache's client below it
 * repeats it again (six POSTs of one Create Call), it forces 30 s on every request, and its host is fixed. The JDK's
 * client never repeats a POST.
 */
final class OnePostClient extends HttpClient {

    private final URI base;
    private final Duration deadline;
    private final java.net.http.HttpClient http;

    OnePostClient(URI base, VendorPolicy policy, java.net.http.HttpClient http) {
        this.base = base;
        this.deadline = policy.deadline();
        this.http = http;
    }

    static java.net.http.HttpClient newHttpClient() {
        return java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .connectTimeout(VendorPolicy.TWILIO_CREATE_CALL.connect())
                .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
                .build();
    }

    /** The SDK calls this one, and its own would repeat. */
    @Override
    public Response reliableRequest(Request request) {
        return makeRequest(request);
    }

    @Override
    public Response makeRequest(Request request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(rebase(request)).timeout(deadline);
        if (request.requiresAuthentication()) {
            builder.header("Authorization", request.getAuthString());
        }
        builder.header("Accept", "application/json");
        if (request.getMethod() == HttpMethod.POST) {
            builder.header("Content-Type", "application/x-www-form-urlencoded");
            builder.POST(HttpRequest.BodyPublishers.ofString(request.encodeFormBody()));
        } else {
            builder.GET();
        }
        return send(builder.build());
    }

    /** The SDK's own URL with our base in the place of its host. The URL of a next page has a query of its own. */
    private URI rebase(Request request) {
        URI own = URI.create(request.getUrl());
        String asked = request.encodeQueryParams();
        String query = own.getRawQuery() == null ? asked : own.getRawQuery() + (asked.isEmpty() ? "" : "&" + asked);
        String path = own.getRawPath();
        return Urls.append(base, query.isEmpty() ? path : path + "?" + query);
    }

    private Response send(HttpRequest request) {
        CompletableFuture<HttpResponse<String>> exchange =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            // The request's own timeout ends with the headers; this one covers the body as well.
            HttpResponse<String> response = exchange.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() == Throttled.STATUS) {
                throw Throttled.of(response);
            }
            return new Response(response.body(), response.statusCode());
        } catch (ExecutionException e) {
            throw new ApiConnectionException("no answer", e.getCause());
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new ApiConnectionException("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.cancel(true);
            throw new ApiConnectionException("interrupted", new IOException(e));
        }
    }
}
