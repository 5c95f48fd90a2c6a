package ai.callmeback.dev.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.dev.doctor.Finding.Health;
import ai.callmeback.dev.env.Settings;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the doctor says of each vendor's settings: simulated, incomplete, out of reach, refused, accepted. */
class VendorCheckupTest {
    private static final String SID = "AC" + "3".repeat(32);

    private HttpServer vendor;
    private String base;

    @BeforeEach
    void aVendorThatKnowsOneKey() throws IOException {
        vendor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        vendor.createContext("/", exchange -> {
            Map<String, List<String>> headers = exchange.getRequestHeaders();
            boolean known = headers.toString().contains("good-key")
                    // "<sid>:good-key" as HTTP's basic authentication has it
                    || headers.toString().contains(basic());
            exchange.sendResponseHeaders(known ? 200 : 401, -1);
            exchange.close();
        });
        vendor.start();
        base = "http://127.0.0.1:" + vendor.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        vendor.stop(0);
    }

    @Test
    void withoutSettingsEachIsSimulatedAndTheRemedyNamesWhatToSet() {
        List<Finding> findings = examine(Map.of());

        assertThat(findings).hasSize(6).allSatisfy(finding -> {
            assertThat(finding.health()).isEqualTo(Health.NOTE);
            assertThat(finding.words()).startsWith("simulated");
        });
        assertThat(of(findings, "Twilio").remedy())
                .contains("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER");
    }

    @Test
    void aHalfSetVendorNamesWhatIsMissing() {
        Finding twilio = of(examine(Map.of("TWILIO_ACCOUNT_SID", SID)), "Twilio");

        assertThat(twilio.health()).isEqualTo(Health.WRONG);
        assertThat(twilio.words()).contains("TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER");
        assertThat(twilio.remedy()).contains(".env");
    }

    @Test
    void anAcceptedKeyIsFine() {
        List<Finding> findings = examine(all("good-key", base));

        for (String name : List.of("Twilio", "the language model", "ElevenLabs", "Resend", "Stripe")) {
            assertThat(of(findings, name).health()).as(name).isEqualTo(Health.OK);
            assertThat(of(findings, name).words()).as(name).contains("accepted");
        }
    }

    @Test
    void aRefusedKeyIsToldWithTheSettingToCheckAndIsNeverPrinted() {
        List<Finding> findings = examine(all("bad-key", base));

        for (Finding finding : findings) {
            assertThat(finding.health()).as(finding.subject()).isEqualTo(Health.WRONG);
            assertThat(finding.words()).contains("not accepted").doesNotContain("bad-key");
        }
        assertThat(of(findings, "ElevenLabs").remedy()).isEqualTo("check ELEVENLABS_API_KEY");
        assertThat(of(findings, "Deepgram").remedy()).isEqualTo("check DEEPGRAM_API_KEY");
    }

    @Test
    void aVendorOutOfReachIsToldWithItsAddressSetting() throws IOException {
        int nobody;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = gone.getLocalPort();
        }

        List<Finding> findings = examine(all("good-key", "http://127.0.0.1:" + nobody));

        assertThat(findings).allSatisfy(finding -> {
            assertThat(finding.health()).isEqualTo(Health.WRONG);
            assertThat(finding.words()).contains("not reachable");
        });
        assertThat(of(findings, "Twilio").remedy()).contains("TWILIO_API_BASE");
        assertThat(of(findings, "the language model").remedy()).contains("LLM_BASE_URL");
    }

    /** Only Deepgram has to do with it, and its address is not to blame. */
    @Test
    void anUnknownEngineIsToldByItsName() {
        Map<String, String> settings = all("good-key", base);
        settings.put("STT_ENGINE", "whisper");

        List<Finding> findings = examine(settings);

        assertThat(of(findings, "Deepgram").health()).isEqualTo(Health.WRONG);
        assertThat(of(findings, "Deepgram").words()).contains("whisper", "flux", "nova");
        assertThat(of(findings, "Deepgram").remedy()).contains("STT_ENGINE").doesNotContain("DEEPGRAM_URL");
        assertThat(of(findings, "ElevenLabs").health()).isEqualTo(Health.OK);
    }

    private static Map<String, String> all(String key, String address) {
        Map<String, String> settings = new HashMap<>();
        settings.put("TWILIO_ACCOUNT_SID", SID);
        settings.put("TWILIO_PHONE_NUMBER", "+12025550143");
        settings.put("RESEND_FROM_EMAIL", "calls@example.test");
        for (String name : List.of(
                "TWILIO_AUTH_TOKEN",
                "DEEPGRAM_API_KEY",
                "LLM_API_KEY",
                "ELEVENLABS_API_KEY",
                "RESEND_API_KEY",
                "STRIPE_SECRET_KEY",
                "STRIPE_WEBHOOK_SECRET")) {
            settings.put(name, key);
        }
        for (String name : List.of("TWILIO_API_BASE", "LLM_BASE_URL", "RESEND_URL", "STRIPE_API_BASE")) {
            settings.put(name, address);
        }
        for (String name : List.of("DEEPGRAM_URL", "ELEVENLABS_URL")) {
            settings.put(name, address.replace("http", "ws"));
        }
        return settings;
    }

    private static String basic() {
        return java.util.Base64.getEncoder()
                .encodeToString((SID + ":good-key").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static List<Finding> examine(Map<String, String> settings) {
        return new VendorCheckup(new Settings(settings)).examine();
    }

    private static Finding of(List<Finding> findings, String subject) {
        return findings.stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }
}
