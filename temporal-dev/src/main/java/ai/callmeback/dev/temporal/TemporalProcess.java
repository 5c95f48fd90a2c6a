package ai.callmeback.dev.temporal;

import ai.callmeback.dev.process.ProcessSpec;
import ai.callmeback.dev.process.StopSignal;
import io.temporal.api.enums.v1.IndexedValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Temporal server as a child process. Ready once namespace, retention and search attributes are in place. */
public final class TemporalProcess {
    private TemporalProcess() {}

    /** {@code temporal server start-dev}, its data in {@code data}. */
    public static ProcessSpec server(
            TemporalSource.Cli cli,
            Path data,
            String namespace,
            int port,
            int uiPort,
            String codecEndpoint,
            Map<String, IndexedValueType> searchAttributes,
            Map<String, String> environment) {
        return spec(
                DevServerCommand.of(cli, data, namespace, port, uiPort, codecEndpoint),
                data,
                port,
                namespace,
                searchAttributes,
                environment);
    }

    /** The in-JVM test server, in a JVM of its own. */
    public static ProcessSpec inJvm(
            Path data,
            String namespace,
            int port,
            Map<String, IndexedValueType> searchAttributes,
            Map<String, String> environment) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), InJvmServer.class.getName()));
        command.add(Integer.toString(port));
        return spec(command, data, port, namespace, searchAttributes, environment);
    }

    private static ProcessSpec spec(
            List<String> command,
            Path data,
            int port,
            String namespace,
            Map<String, IndexedValueType> searchAttributes,
            Map<String, String> environment) {
        NamespaceSetup setup = new NamespaceSetup("127.0.0.1:" + port, namespace);
        return new ProcessSpec(
                "temporal",
                command,
                environment,
                data,
                () -> {
                    if (!ai.callmeback.dev.process.Ports.answers(port)) {
                        return false;
                    }
                    setup.prepare(searchAttributes);
                    return true;
                },
                StopSignal.TERM,
                Duration.ofSeconds(60),
                Duration.ofSeconds(15));
    }
}
