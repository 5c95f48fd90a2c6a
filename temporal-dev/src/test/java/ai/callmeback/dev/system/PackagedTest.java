package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagedTest {
    @TempDir
    Path root;

    private Path jar;

    @BeforeEach
    void packagedAsCompiled() throws IOException {
        compiled("api", "ai/callmeback/api/Own.class", "own");
        compiled("api", "META-INF/any", "described anew by the packaging");
        compiled("voice-worker", "ai/callmeback/voice/Ear.class", "ear");
        ByteArrayOutputStream library = new ByteArrayOutputStream();
        zip(library, Map.of("ai/callmeback/voice/Ear.class", bytes("ear")));
        jar = root.resolve("app.jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            zip(
                    out,
                    Map.of(
                            "BOOT-INF/classes/ai/callmeback/api/Own.class",
                            bytes("own"),
                            "BOOT-INF/lib/callmeback-voice-worker-0.1.0-SNAPSHOT.jar",
                            library.toByteArray(),
                            "BOOT-INF/lib/other-1.jar",
                            bytes("no archive of ours is looked into")));
        }
    }

    @Test
    void whatIsPackagedAsCompiledIsFresh() throws IOException {
        assertThat(Packaged.staleness(root, "api", jar)).isEmpty();
    }

    @Test
    void aChangedClassOfTheModuleOrOfAModuleInItIsFound() throws IOException {
        compiled("voice-worker", "ai/callmeback/voice/Ear.class", "another ear");
        assertThat(Packaged.staleness(root, "api", jar).orElseThrow()).contains("voice-worker", "Ear.class", "mvn");
    }

    @Test
    void aNewClassIsFound() throws IOException {
        compiled("api", "ai/callmeback/api/New.class", "new");
        assertThat(Packaged.staleness(root, "api", jar).orElseThrow()).contains("New.class");
    }

    private void compiled(String module, String name, String content) throws IOException {
        Path file = root.resolve(module).resolve("target/classes").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void zip(OutputStream to, Map<String, byte[]> files) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(to)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
    }
}
