package ai.callmeback.dev.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path directory;

    @Test
    void theEnvironmentWinsOverTheFileAndBlankMeansUnset() throws Exception {
        Path file = directory.resolve(".env");
        Files.writeString(file, """
                # a comment
                TWILIO_ACCOUNT_SID=from-file
                export LLM_MODEL = "quoted value"
                RESEND_API_KEY=
                CEREBRAS_API_KEY=cerebras # where it came from
                """);

        Settings settings = Settings.load(file, Map.of("TWILIO_ACCOUNT_SID", "from-environment", "STT_ENGINE", " "));

        assertThat(settings.values())
                .containsEntry("TWILIO_ACCOUNT_SID", "from-environment")
                .containsEntry("LLM_MODEL", "quoted value")
                .containsEntry("LLM_API_KEY", "cerebras")
                .doesNotContainKeys("RESEND_API_KEY", "STT_ENGINE");
    }

    @Test
    void aLineThatIsNoSettingIsNamed() throws Exception {
        Path file = directory.resolve(".env");
        Files.writeString(file, "FINE=1\nnot a setting\n");

        assertThatThrownBy(() -> DotEnv.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void secretsAreMadeOnceAndOnlyTheirOwnerReadsThem() throws Exception {
        Path file = directory.resolve("state/secrets.env");

        Map<String, String> first = Secrets.load(file, new SecureRandom());
        Map<String, String> second = Secrets.load(file, new SecureRandom());

        assertThat(second).isEqualTo(first).containsKeys("JWT_SECRET", "PAYLOAD_KEYS");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aVendorIsSimulatedUnlessAKeyOrABaseIsSet() {
        assertThat(Vendor.DEEPGRAM.simulated(Map.of())).isTrue();
        assertThat(Vendor.DEEPGRAM.simulated(Map.of("DEEPGRAM_API_KEY", "k"))).isFalse();
        assertThat(Vendor.DEEPGRAM.simulated(Map.of("DEEPGRAM_URL", "ws://127.0.0.1:1")))
                .isFalse();
        assertThat(Vendor.DEEPGRAM.simulated(Map.of("ELEVENLABS_API_KEY", "k"))).isTrue();
    }
}
