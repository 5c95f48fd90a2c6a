package ai.callmeback.dev.env;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The secrets of a local environment: made up once, kept in a file that only its owner can read, and the same ever
 * after, so that tokens and encrypted payloads of earlier runs stay readable.
 */
public final class Secrets {
    private static final Map<String, Function<SecureRandom, String>> RECIPES = recipes();

    private Secrets() {}

    private static Map<String, Function<SecureRandom, String>> recipes() {
        Map<String, Function<SecureRandom, String>> recipes = new LinkedHashMap<>();
        recipes.put("JWT_SECRET", random -> base64(random, 48));
        recipes.put("PAYLOAD_KEYS", random -> "local:" + base64(random, 32));
        recipes.put("CALLER_HASH_KEY", random -> base64(random, 32));
        recipes.put("POSTGRES_PASSWORD", random -> hex(random, 16));
        recipes.put("SIMULATED_TWILIO_ACCOUNT_SID", random -> "AC" + hex(random, 16));
        recipes.put("SIMULATED_TWILIO_AUTH_TOKEN", random -> hex(random, 16));
        recipes.put("SIMULATED_DEEPGRAM_API_KEY", random -> hex(random, 20));
        recipes.put("SIMULATED_LLM_API_KEY", random -> "csk-" + hex(random, 24));
        recipes.put("SIMULATED_ELEVENLABS_API_KEY", random -> "sk_" + hex(random, 24));
        recipes.put("SIMULATED_RESEND_API_KEY", random -> "re_" + hex(random, 16));
        recipes.put("SIMULATED_STRIPE_SECRET_KEY", random -> "sk_test_" + hex(random, 16));
        recipes.put("SIMULATED_STRIPE_WEBHOOK_SECRET", random -> "whsec_" + hex(random, 16));
        return recipes;
    }

    /** Reads the file; makes up and writes what is missing in it. */
    public static Map<String, String> load(Path file, SecureRandom random) throws IOException {
        Map<String, String> secrets = DotEnv.read(file);
        boolean complete = true;
        for (Map.Entry<String, Function<SecureRandom, String>> recipe : RECIPES.entrySet()) {
            if (!secrets.containsKey(recipe.getKey())) {
                secrets.put(recipe.getKey(), recipe.getValue().apply(random));
                complete = false;
            }
        }
        if (!complete) {
            write(file, secrets);
        }
        return secrets;
    }

    private static void write(Path file, Map<String, String> secrets) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path half = Files.createTempFile(file.toAbsolutePath().getParent(), "secrets", ".half", ownerOnly);
        String text = secrets.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n", "# Made up for this checkout; delete to start over.\n", "\n"));
        Files.writeString(half, text);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String base64(SecureRandom random, int bytes) {
        return Base64.getEncoder().encodeToString(take(random, bytes));
    }

    private static String hex(SecureRandom random, int bytes) {
        return HexFormat.of().formatHex(take(random, bytes));
    }

    private static byte[] take(SecureRandom random, int bytes) {
        byte[] taken = new byte[bytes];
        random.nextBytes(taken);
        return taken;
    }
}
