package ai.callmeback.simulators.twilio;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * What a valid Create Call asks for, or what is set for a number that is rung.
 *
 * @param url where the TwiML is fetched; null if {@code twiml} holds it
 * @param ringTimeoutSeconds how long it may ring
 * @param timeLimitSeconds how long it may last
 * @param inbound a phone rings one of the account's numbers, and no customer asked for it
 * @param amd answering machine detection, or null for none
 */
record DialRequest(
        String to,
        String from,
        @Nullable String url,
        String method,
        @Nullable String fallbackUrl,
        String fallbackMethod,
        @Nullable String twiml,
        @Nullable String statusCallback,
        String statusCallbackMethod,
        Set<Event> statusEvents,
        int ringTimeoutSeconds,
        int timeLimitSeconds,
        @Nullable Amd amd,
        @Nullable String sendDigits,
        boolean inbound) {

    private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");
    private static final Pattern SEND_DIGITS = Pattern.compile("[0-9#*wW]{1,32}");
    private static final int MAX_TWIML_CHARACTERS = 4_000;
    private static final int MAX_RING_SECONDS = 600;
    private static final int DEFAULT_RING_SECONDS = 60;

    /** The platform ends every call after four hours. */
    private static final int MAX_CALL_SECONDS = 14_400;

    /** Events of a call that can be reported. */
    enum Event {
        INITIATED,
        RINGING,
        ANSWERED,
        COMPLETED
    }

    /**
     * Answering machine detection.
     *
     * @param untilMessageEnd {@code DetectMessageEnd} rather than {@code Enable}
     * @param async the TwiML does not wait for it
     * @param timeoutSeconds when {@code unknown} is reported
     */
    record Amd(
            boolean untilMessageEnd,
            boolean async,
            @Nullable String callback,
            String callbackMethod,
            int timeoutSeconds) {}

    /** Checks the form in the vendor's order; throws what the vendor answers. */
    static DialRequest parse(MultiValueMap<String, String> form, TwilioSettings settings) {
        String to = required(form, "To", 21201, "No 'To' number is specified");
        String from = required(form, "From", 21213, "'From' phone number is required");
        checkNumbers(to, from, settings);
        String url = url(form, "Url", 21205);
        String twiml = form.getFirst("Twiml");
        if (url == null && (twiml == null || twiml.isBlank())) {
            throw TwilioError.invalid(21205, "Url parameter is required.");
        }
        if (twiml != null && twiml.length() > MAX_TWIML_CHARACTERS) {
            throw TwilioError.invalid(20001, "Twiml must have at most " + MAX_TWIML_CHARACTERS + " characters");
        }
        String statusCallback = url(form, "StatusCallback", 21609);
        return new DialRequest(
                to,
                from,
                url,
                method(form, "Method"),
                url(form, "FallbackUrl", 21502),
                method(form, "FallbackMethod"),
                url == null ? twiml : null,
                statusCallback,
                method(form, "StatusCallbackMethod"),
                events(form.getOrDefault("StatusCallbackEvent", List.of())),
                number(form, "Timeout", DEFAULT_RING_SECONDS, 1, MAX_RING_SECONDS),
                timeLimit(form),
                form.getFirst("SendDigits") == null ? amd(form) : null,
                sendDigits(form),
                false);
    }

    /** A phone's call to a number of the account: what to do with it is asked at the number's voice URL. */
    static DialRequest inbound(String from, String to, TwilioSettings settings) {
        if (!E164.matcher(from).matches()) {
            throw new IllegalArgumentException(from + " is no number in E.164 form");
        }
        if (!settings.numbers().contains(to)) {
            throw new IllegalArgumentException(to + " is none of the account's numbers " + settings.numbers());
        }
        if (settings.voiceUrl() == null) {
            throw new IllegalStateException("no voice URL is set for the account's numbers");
        }
        return new DialRequest(
                to,
                from,
                settings.voiceUrl(),
                "POST",
                null,
                "POST",
                null,
                settings.voiceUrl() + "/status",
                "POST",
                EnumSet.of(Event.COMPLETED),
                DEFAULT_RING_SECONDS,
                MAX_CALL_SECONDS,
                null,
                null,
                true);
    }

    /** The telephone at the far end. */
    String phone() {
        return inbound ? from : to;
    }

    static int timeLimit(MultiValueMap<String, String> form) {
        return number(form, "TimeLimit", MAX_CALL_SECONDS, 1, MAX_CALL_SECONDS);
    }

    private static void checkNumbers(String to, String from, TwilioSettings settings) {
        if (!E164.matcher(to).matches()) {
            throw TwilioError.invalid(21211, "The 'To' number " + to + " is not a valid phone number.");
        }
        if (!settings.numbers().contains(from)) {
            if (settings.trial()) {
                throw TwilioError.invalid(
                        573002, "Trial accounts can only call from their trial number; " + from + " is not it.");
            }
            throw TwilioError.invalid(
                    21210,
                    "The source phone number provided, " + from
                            + ", is not yet verified for your account. You may only make calls from phone numbers"
                            + " that you've verified or purchased from Twilio.");
        }
        if (settings.trial() && !settings.verifiedNumbers().contains(to)) {
            throw TwilioError.invalid(
                    573005, "The recipient " + to + " is not verified. Trial accounts may only call verified numbers.");
        }
        for (String prefix : settings.refusedPrefixes()) {
            if (to.startsWith(prefix)) {
                throw TwilioError.invalid(
                        21215,
                        "Account not authorized to call " + to + ". Perhaps you need to enable some geo"
                                + " permissions.");
            }
        }
    }

    private static @Nullable Amd amd(MultiValueMap<String, String> form) {
        String mode = form.getFirst("MachineDetection");
        if (mode == null || mode.isBlank()) {
            return null;
        }
        if (!mode.equals("Enable") && !mode.equals("DetectMessageEnd")) {
            throw TwilioError.invalid(20001, "MachineDetection must be Enable or DetectMessageEnd, was " + mode);
        }
        return new Amd(
                mode.equals("DetectMessageEnd"),
                "true".equals(form.getFirst("AsyncAmd")),
                url(form, "AsyncAmdStatusCallback", 20001),
                method(form, "AsyncAmdStatusCallbackMethod"),
                number(form, "MachineDetectionTimeout", 30, 3, 59));
    }

    private static @Nullable String sendDigits(MultiValueMap<String, String> form) {
        String digits = form.getFirst("SendDigits");
        if (digits != null && !SEND_DIGITS.matcher(digits).matches()) {
            throw TwilioError.invalid(20001, "SendDigits must be at most 32 of 0-9, #, *, w and W");
        }
        return digits;
    }

    private static String required(MultiValueMap<String, String> form, String name, int code, String message) {
        String value = form.getFirst(name);
        if (value == null || value.isBlank()) {
            throw TwilioError.invalid(code, message);
        }
        return value;
    }

    /** An absolute http(s) URL whose host has no underscore, or null if the field is absent. */
    static @Nullable String url(MultiValueMap<String, String> form, String name, int code) {
        String value = form.getFirst(name);
        if (value == null || value.isBlank()) {
            return null;
        }
        try {
            URI uri = new URI(value);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            // A host with an underscore is none to java.net.URI either.
            if (web && uri.getHost() != null) {
                return value;
            }
        } catch (URISyntaxException e) {
            throw TwilioError.invalid(code, name + " is not a valid URL: " + value);
        }
        throw TwilioError.invalid(code, name + " is not a valid URL: " + value);
    }

    static String method(MultiValueMap<String, String> form, String name) {
        String value = form.getFirst(name);
        if (value == null || value.isBlank()) {
            return "POST";
        }
        if (!value.equals("GET") && !value.equals("POST")) {
            throw TwilioError.invalid(20001, name + " must be GET or POST, was " + value);
        }
        return value;
    }

    private static int number(MultiValueMap<String, String> form, String name, int absent, int least, int most) {
        String value = form.getFirst(name);
        if (value == null || value.isBlank()) {
            return absent;
        }
        try {
            int parsed = Integer.parseInt(value);
            if (parsed >= least && parsed <= most) {
                return parsed;
            }
        } catch (NumberFormatException e) {
            throw TwilioError.invalid(20001, name + " must be a whole number, was " + value);
        }
        throw TwilioError.invalid(20001, name + " must be " + least + " to " + most + ", was " + value);
    }

    private static Set<Event> events(List<String> names) {
        if (names.isEmpty()) {
            return EnumSet.of(Event.COMPLETED);
        }
        Set<Event> events = EnumSet.noneOf(Event.class);
        for (String name : names) {
            for (String word : name.strip().split("[\\s,]+", -1)) {
                events.add(event(word));
            }
        }
        return events;
    }

    private static Event event(String word) {
        try {
            return Event.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw TwilioError.invalid(21626, "Invalid statusCallbackEvents: " + word);
        }
    }

    /** The form of a request given as a plain map, for tests. */
    static MultiValueMap<String, String> form(Map<String, String> fields) {
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        fields.forEach(form::add);
        return form;
    }
}
