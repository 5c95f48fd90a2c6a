package ai.callmeback.vendors.billing;

import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.wire.Faults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads vendors' lists, one plain request each; the caller asks again. Blocks, up to the deadline of its policy. */
public final class ListClient implements AutoCloseable {
    private static final int LARGEST = 8 * 1024 * 1024;
    private static final JsonMapper JSON = JsonMapper.shared();

    /** With a key, so never sent on to where a vendor's answer says. */
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(VendorPolicy.PRICE_LIST.connect())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    /** A page may redirect to itself in another language; it is asked for without a key. */
    private final HttpClient pages = HttpClient.newBuilder()
            .connectTimeout(VendorPolicy.PRICE_LIST.connect())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    /** An answer's status and text. */
    public record Page(int status, String text) {}

    /**
     * What a vendor's API answers.
     *
     * @throws BillsException unless it is 200 and JSON
     */
    public JsonNode json(String vendor, URI address, String header, String value) {
        Page page = ask(
                http,
                vendor,
                HttpRequest.newBuilder(address).header(header, value).header("Accept", "application/json"));
        try {
            return JSON.readTree(ok(vendor, page));
        } catch (JacksonException e) {
            throw new BillsException(vendor + ": no JSON", e);
        }
    }

    /** A page for people, whatever its status. */
    public Page page(String vendor, URI address) {
        return ask(pages, vendor, HttpRequest.newBuilder(address).header("Accept", "text/html"));
    }

    /** @throws BillsException unless the status is 200 */
    public static String ok(String vendor, Page page) {
        if (page.status() != 200) {
            throw new BillsException(vendor + ": HTTP " + page.status(), page.status());
        }
        return page.text();
    }

    private static Page ask(HttpClient client, String vendor, HttpRequest.Builder request) {
        Duration deadline = VendorPolicy.PRICE_LIST.deadline();
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(
                request.header("User-Agent", "callmeback")
                        .timeout(deadline)
                        .GET()
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        try {
            // The request's own timeout ends with the headers; this one covers the body as well.
            HttpResponse<byte[]> answer = exchange.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.body().length > LARGEST) {
                throw new BillsException(vendor + ": longer than " + LARGEST + " bytes", null);
            }
            return new Page(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
        } catch (ExecutionException | TimeoutException e) {
            exchange.cancel(true);
            throw new BillsException(vendor + ": " + Faults.describe(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.cancel(true);
            throw new BillsException(vendor + ": interrupted", new IOException(e));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        pages.shutdownNow();
    }
}
