package ai.callmeback.dev.launcher;

import ai.callmeback.dev.env.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher as a copy in an empty checkout, whose system-wide places are directories of the test, with a PATH
 * and HOME of the test's making.
 */
abstract class EmptyMachine {
    private static final List<String> TOOLS = List.of(
            "awk",
            "bash",
            "cat",
            "cksum",
            "date",
            "dirname",
            "env",
            "find",
            "grep",
            "head",
            "mkdir",
            "readlink",
            "rm",
            "sed",
            "sort",
            "tee",
            "tr",
            "xargs");

    @TempDir
    Path directory;

    Path bin;
    Path systemJdks;
    final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void anEmptyMachine() throws IOException {
        bin = Files.createDirectories(directory.resolve("bin"));
        systemJdks = Files.createDirectories(directory.resolve("jvm"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(bin.resolve(tool), whereIs(tool));
        }
        String script = Files.readString(Checkout.find().root().resolve("callmeback"))
                .replace("/usr/lib/jvm/*", systemJdks + "/*")
                .replace("/usr/java/*", directory + "/none/*")
                .replace("/opt/java/*", directory + "/none/*")
                .replace("/opt/jdk*", directory + "/none/*")
                .replace("/usr/local/openjdk*", directory + "/none/*")
                .replace("/opt/homebrew/", directory + "/none/")
                .replace("\n    /Library/Java/", "\n    " + directory + "/none/");
        program(directory.resolve("callmeback"), script);
        environment.put("PATH", bin.toString());
        environment.put(
                "HOME", Files.createDirectories(directory.resolve("home")).toString());
    }

    record Said(int exit, String words) {}

    Said run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        directory.resolve("callmeback").toString())
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), words);
    }

    static Path jdk(Path home, String version) throws IOException {
        program(Files.createDirectories(home.resolve("bin")).resolve("javac"), "#!/bin/sh\n");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home.toRealPath();
    }

    void maven() throws IOException {
        program(bin.resolve("mvn"), "#!/usr/bin/env bash\necho \"[INFO] Building JAVA_HOME is $JAVA_HOME\"\n");
    }

    static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path whereIs(String tool) {
        for (String place : System.getenv("PATH").split(":", -1)) {
            Path candidate = Path.of(place, tool);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new AssertionError("no " + tool + " on this machine");
    }
}
