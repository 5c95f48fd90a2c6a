package ai.callmeback.vendors.probe;

import ai.callmeback.vendors.probe.ProbeResult.Accepted;
import ai.callmeback.vendors.settings.Urls;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.Faults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Asks each vendor a question that costs nothing. Blocks, up to the deadline of {@link VendorPolicy#PROBE} each. */
public final class VendorProbe {

    private final VendorSettings settings;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(VendorPolicy.PROBE.connect())
            .build();

    public VendorProbe(VendorSettings settings) {
        this.settings = settings;
    }

    public List<ProbeResult> all() {
        return List.of(twilio(), deepgram(), llm(), elevenlabs(), resend(), stripe());
    }

    public ProbeResult twilio() {
        VendorSettings.Twilio twilio = settings.twilio();
        String basic = Base64.getEncoder()
                .encodeToString(
                        (twilio.accountSid() + ":" + twilio.authToken().reveal()).getBytes(StandardCharsets.UTF_8));
        String path = "/2010-04-01/Accounts/" + twilio.accountSid() + "/Calls.json?PageSize=1";
        return get("twilio", Urls.append(twilio.apiBase(), path), "Authorization", "Basic " + basic);
    }

    /** Opens and closes a listening socket: the upgrade is where the vendor checks the key. No audio, no cost. */
    public ProbeResult deepgram() {
        URI address = Urls.append(
                settings.deepgram().url(), "/v2/listen?model=flux-general-en&encoding=mulaw&sample_rate=8000");
        try {
            http.newWebSocketBuilder()
                    .header(
                            "Authorization",
                            "Token " + settings.deepgram().apiKey().reveal())
                    .connectTimeout(VendorPolicy.PROBE.connect())
                    .buildAsync(address, new WebSocket.Listener() {})
                    .orTimeout(VendorPolicy.PROBE.deadline().toMillis(), TimeUnit.MILLISECONDS)
                    .join()
                    .abort();
            return new ProbeResult("deepgram", true, Accepted.YES, "listening socket opened");
        } catch (CompletionException e) {
            return e.getCause() instanceof WebSocketHandshakeException refused
                    ? byStatus("deepgram", refused.getResponse().statusCode())
                    : unreachable("deepgram", e);
        }
    }

    public ProbeResult llm() {
        return get(
                "llm",
                Urls.append(settings.llm().baseUrl(), "/models"),
                "Authorization",
                "Bearer " + settings.llm().apiKey().reveal());
    }

    public ProbeResult elevenlabs() {
        return get(
                "elevenlabs",
                Urls.append(Urls.http(settings.elevenlabs().url()), "/v1/models"),
                "xi-api-key",
                settings.elevenlabs().apiKey().reveal());
    }

    /** Asks for an e-mail that does not exist: a good key is told so. */
    public ProbeResult resend() {
        ProbeResult result = get(
                "resend",
                Urls.append(settings.resend().url(), "/emails/00000000-0000-0000-0000-000000000000"),
                "Authorization",
                "Bearer " + settings.resend().apiKey().reveal());
        return result.detail().startsWith("HTTP 404")
                ? new ProbeResult("resend", true, Accepted.YES, "key accepted")
                : result;
    }

    public ProbeResult stripe() {
        return get(
                "stripe",
                Urls.append(settings.stripe().apiBase(), "/v1/balance"),
                "Authorization",
                "Bearer " + settings.stripe().secretKey().reveal());
    }

    private ProbeResult get(String vendor, URI address, String header, String value) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header(header, value)
                .header("User-Agent", "callmeback")
                .timeout(VendorPolicy.PROBE.deadline())
                .GET()
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            // A Resend key that may only send mail is refused everything else by this name.
            if (response.body().contains("restricted_api_key")) {
                return new ProbeResult(vendor, true, Accepted.YES, "key accepted, for sending only");
            }
            return byStatus(vendor, response.statusCode());
        } catch (IOException e) {
            return unreachable(vendor, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unreachable(vendor, e);
        }
    }

    private static ProbeResult byStatus(String vendor, int status) {
        if (status >= 200 && status < 300) {
            return new ProbeResult(vendor, true, Accepted.YES, "key accepted");
        }
        if (status == 401 || status == 403) {
            return new ProbeResult(vendor, true, Accepted.NO, "HTTP " + status + ": the key is not accepted, check it");
        }
        return new ProbeResult(
                vendor, true, Accepted.NOT_TOLD, "HTTP " + status + ": reachable, the key was not checked");
    }

    private static ProbeResult unreachable(String vendor, Throwable cause) {
        return new ProbeResult(
                vendor,
                false,
                Accepted.NOT_TOLD,
                "not reachable (" + Faults.describe(cause) + "): check the address and the network");
    }
}
