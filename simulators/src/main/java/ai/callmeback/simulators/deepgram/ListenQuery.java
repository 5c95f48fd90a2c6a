package ai.callmeback.simulators.deepgram;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** Reads and checks the query of an upgrade request, as strictly as the vendor. */
final class ListenQuery {
    /** What is wrong with a query, in words for the caller. */
    static final class BadQuery extends Exception {
        BadQuery(String message) {
            super(message);
        }
    }

    private static final Set<String> FLUX_MODELS = Set.of("flux-general-en", "flux-general-multi");
    private static final List<String> NOVA_PREFIXES =
            List.of("nova-2", "nova-3", "nova", "base", "enhanced", "general");
    private static final Set<String> FLUX_KEYS = Set.of(
            "model",
            "encoding",
            "sample_rate",
            "eot_threshold",
            "eager_eot_threshold",
            "eot_timeout_ms",
            "keyterm",
            "language_hint",
            "numerals",
            "profanity_filter",
            "redact",
            "mip_opt_out",
            "tag",
            "token");

    private final MultiValueMap<String, String> query;
    private final boolean flux;

    private ListenQuery(MultiValueMap<String, String> query, boolean flux) {
        this.query = query;
        this.flux = flux;
    }

    static ListenOptions parse(MultiValueMap<String, String> query, boolean flux) throws BadQuery {
        return new ListenQuery(query, flux).parse();
    }

    private ListenOptions parse() throws BadQuery {
        String model = model();
        String encoding = first("encoding", "");
        int sampleRate = number("sample_rate", 0, 0, 192_000);
        int bytesPerSample = bytesPerSample(encoding, sampleRate);
        double eot = decimal("eot_threshold", 0.7, 0.5, 1.0);
        double eager = query.containsKey("eager_eot_threshold") ? decimal("eager_eot_threshold", 0, 0.3, 0.9) : 0;
        if (eager > eot) {
            throw new BadQuery("eager_eot_threshold must not be greater than eot_threshold");
        }
        if (flux) {
            refuseUnknown();
        }
        boolean interim = flag("interim_results");
        OptionalInt utteranceEnd = query.containsKey("utterance_end_ms")
                ? OptionalInt.of(number("utterance_end_ms", 1000, 0, 60_000))
                : OptionalInt.empty();
        if (utteranceEnd.isPresent() && !interim && !flux) {
            throw new BadQuery("utterance_end_ms requires interim_results=true");
        }
        return new ListenOptions(
                flux,
                model,
                bytesPerSample,
                sampleRate,
                eot,
                eager,
                number("eot_timeout_ms", 5000, 500, 60_000),
                interim,
                endpointing(),
                utteranceEnd,
                flag("vad_events"),
                flag("punctuate") || flag("smart_format"),
                query.getOrDefault("keyterm", List.of()),
                query.getOrDefault("tag", List.of()));
    }

    private String model() throws BadQuery {
        String model = first("model", flux ? "" : "base-general");
        boolean known =
                flux ? FLUX_MODELS.contains(model) : NOVA_PREFIXES.stream().anyMatch(model::startsWith);
        if (!known) {
            throw new BadQuery("No such model/language/tier combination found: model=" + model);
        }
        return model;
    }

    private static int bytesPerSample(String encoding, int sampleRate) throws BadQuery {
        boolean muLaw = encoding.equals("mulaw");
        if (!muLaw && !encoding.equals("linear16")) {
            throw new BadQuery("Unsupported encoding: '" + encoding + "'; raw audio needs encoding and sample_rate, "
                    + "and mulaw and linear16 are heard here");
        }
        if (muLaw && sampleRate != 8000) {
            throw new BadQuery("sample_rate must be 8000 for mulaw here, got " + sampleRate);
        }
        if (sampleRate <= 0 || sampleRate % 8000 != 0) {
            throw new BadQuery("sample_rate must be a multiple of 8000 here, got " + sampleRate);
        }
        return muLaw ? 1 : 2;
    }

    private void refuseUnknown() throws BadQuery {
        for (String key : query.keySet()) {
            if (!FLUX_KEYS.contains(key)) {
                throw new BadQuery("Unknown query parameter for v2/listen: " + key);
            }
        }
    }

    private OptionalInt endpointing() throws BadQuery {
        return "false".equals(query.getFirst("endpointing"))
                ? OptionalInt.empty()
                : OptionalInt.of(
                        "true".equals(query.getFirst("endpointing")) ? 10 : number("endpointing", 10, 0, 60_000));
    }

    private boolean flag(String key) throws BadQuery {
        String value = query.getFirst(key);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new BadQuery(key + " must be true or false, got '" + value + "'");
    }

    private int number(String key, int absent, int min, int max) throws BadQuery {
        String value = query.getFirst(key);
        if (value == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new BadQuery(key + " must be a whole number, got '" + value + "'");
        }
        throw new BadQuery(key + " must be between " + min + " and " + max + ", got " + value);
    }

    private double decimal(String key, double absent, double min, double max) throws BadQuery {
        String value = query.getFirst(key);
        if (value == null) {
            return absent;
        }
        try {
            double number = Double.parseDouble(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new BadQuery(key + " must be a number, got '" + value + "'");
        }
        throw new BadQuery(key + " must be between " + min + " and " + max + ", got " + value);
    }

    private String first(String key, String absent) {
        @Nullable String value = query.getFirst(key);
        return value == null ? absent : value;
    }
}
