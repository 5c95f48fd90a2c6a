package ai.callmeback.simulators.twilio;

import java.util.List;

/** Where call records outlast the process, as the vendor's do. */
interface CallMemory extends AutoCloseable {
    /** Nothing outlasts it. */
    CallMemory NONE = new CallMemory() {
        @Override
        public List<CallRecord> found() {
            return List.of();
        }

        @Override
        public void keep(CallRecord call) {}

        @Override
        public void forget(String sid) {}

        @Override
        public void forgetAll() {}

        @Override
        public void close() {}
    };

    /** What an earlier process left, oldest first. */
    List<CallRecord> found();

    /** Keeps the state a call is in now, instead of an earlier one. Does not wait. */
    void keep(CallRecord call);

    void forget(String sid);

    void forgetAll();

    @Override
    void close();
}
