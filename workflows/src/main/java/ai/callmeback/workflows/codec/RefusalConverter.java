package ai.callmeback.workflows.codec;

import io.temporal.api.failure.v1.Failure;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.FailureConverter;
import io.temporal.failure.DefaultFailureConverter;
import io.temporal.internal.worker.WorkflowExecutionException;

/**
 * Keeps the words of an update's validator. SDK 1.38 makes a failure of what a validator throws, wraps that in an exception
 * of its own, and makes a failure of the wrapper: where texts are sealed, the second has nothing but the stand-in text of
 * the first. So the first is opened, and taken instead of the wrapper.
 */
final class RefusalConverter implements FailureConverter {
    private final FailureConverter plain = new DefaultFailureConverter();
    private final DataConverter opener;

    RefusalConverter(DataConverter opener) {
        this.opener = opener;
    }

    @Override
    public RuntimeException failureToException(Failure failure, DataConverter converter) {
        return plain.failureToException(failure, converter);
    }

    @Override
    public Failure exceptionToFailure(Throwable thrown, DataConverter converter) {
        return plain.exceptionToFailure(
                thrown instanceof WorkflowExecutionException wrapper
                        ? opener.failureToException(wrapper.getFailure())
                        : thrown,
                converter);
    }
}
