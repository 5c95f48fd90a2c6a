package ai.callmeback.dev.strangers;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Somebody else's Twilio: create, update, fetch and list calls; signed callbacks; a callee who answers, waits until it
 * is his turn, hums, and hangs up. No path before {@code /2010-04-01}, no header that the vendor does not document.
 */
final class StrangersTwilio extends TinyServer {

    final String account;
    final String token;
    final List<String> problems = new CopyOnWriteArrayList<>();
    private final Map<String, StrangersCall> calls = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final int turns;

    StrangersTwilio(String account, String token, int turns) throws IOException {
        this.account = account;
        this.token = token;
        this.turns = turns;
    }

    List<StrangersCall> calls() {
        return List.copyOf(calls.values());
    }

    @Override
    Reply http(Request request, OutputStream out) {
        String basic = Base64.getEncoder().encodeToString((account + ":" + token).getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + basic).equals(request.headers().get("authorization"))) {
            return error(401, 20003, "Authenticate");
        }
        String root = "/2010-04-01/Accounts/" + account + "/Calls";
        if (request.path().equals(root + ".json")) {
            return request.method().equals("POST") ? create(request.form()) : list(request.query());
        }
        if (!request.path().startsWith(root + "/CA") || !request.path().endsWith(".json")) {
            return error(404, 20404, "The requested resource was not found");
        }
        StrangersCall call =
                calls.get(request.path().substring(root.length() + 1).replace(".json", ""));
        if (call == null) {
            return error(404, 20404, "The requested resource was not found");
        }
        return request.method().equals("POST") ? update(call, request.form()) : Reply.json(200, call.json());
    }

    private Reply create(Map<String, String> form) {
        for (String needed : List.of("To", "From", "Url")) {
            if (!form.containsKey(needed)) {
                return error(400, 21201, "No '" + needed + "' specified");
            }
        }
        StrangersCall call = new StrangersCall(this, "CA%032x".formatted(calls.size() + 4096), form, turns);
        calls.put(call.sid, call);
        Thread.ofVirtual().start(call);
        return Reply.json(201, call.json());
    }

    private static Reply update(StrangersCall call, Map<String, String> form) {
        if (call.over()) {
            return error(400, 21220, "Call is not in-progress. Cannot redirect.");
        }
        if (List.of("completed", "canceled").contains(form.get("Status"))) {
            call.end();
        } else if (form.containsKey("Url")) {
            call.redirect(form.get("Url"));
        }
        return Reply.json(200, call.json());
    }

    private Reply list(Map<String, String> query) {
        return Reply.json(
                200,
                "{\"page\":0,\"page_size\":50,\"next_page_uri\":null,\"first_page_uri\":\"/\",\"uri\":\"/\",\"calls\":"
                        + calls.values().stream()
                                .filter(call -> call.to().equals(query.getOrDefault("To", call.to())))
                                .map(StrangersCall::json)
                                .collect(Collectors.joining(",", "[", "]"))
                        + "}");
    }

    private static Reply error(int status, int code, String message) {
        return Reply.json(
                status,
                "{\"code\":" + code + ",\"message\":\"" + message
                        + "\",\"more_info\":\"https://www.twilio.com/docs/errors/" + code + "\",\"status\":" + status
                        + "}");
    }

    /** A signed form POST, as every callback is; what is not 2xx is remembered as a problem. */
    String post(String url, Map<String, String> form) {
        StringBuilder signed = new StringBuilder(url);
        new TreeMap<>(form).forEach((name, value) -> signed.append(name).append(value));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Twilio-Signature", sign(signed.toString()))
                .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                        .collect(Collectors.joining("&"))))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                problems.add(url + " answered " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            problems.add(url + " did not answer: " + e);
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpClient client() {
        return http;
    }

    static Map<String, String> form(String... pairs) {
        Map<String, String> form = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            form.put(pairs[i], pairs[i + 1]);
        }
        return form;
    }

    static String date(Instant instant) {
        return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.US)
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
