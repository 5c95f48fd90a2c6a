package ai.callmeback.vendors.settings;

import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints invalid settings as a list instead of a stack trace. */
class InvalidSettingsAnalyzer extends AbstractFailureAnalyzer<InvalidSettingsException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidSettingsException cause) {
        return new FailureAnalysis(
                cause.problems().stream()
                        .map(problem -> problem.variable() + " " + problem.problem())
                        .collect(Collectors.joining(System.lineSeparator())),
                cause.problems().stream()
                        .map(problem -> problem.variable() + ": " + problem.remedy())
                        .collect(Collectors.joining(System.lineSeparator())),
                cause);
    }
}
