package ai.callmeback.simulators.twilio;

import java.net.URI;
import java.util.Map;

/** Opens WebSockets to the customer's media servers. Everything happens on the simulators' thread. */
interface MediaSockets {
    /** Begins to connect; the listener hears of it later, never within this call. */
    Socket connect(URI uri, Map<String, String> headers, Listener listener);

    /** One socket. Using it after it closed does nothing. */
    interface Socket {
        void send(CharSequence json);

        /** False while the other side reads too slowly. */
        boolean writable();

        /** Closes with a close frame. */
        void close(int code);

        /** Closes without one. */
        void abort();
    }

    /** What happens to a socket. */
    interface Listener {
        void opened();

        /** It never opened; {@code code} is the vendor's: 31901 timeout, 31902 refused, 31910 TLS, 31920 no upgrade. */
        void failed(int code, String why);

        void text(String message);

        void binary(int bytes);

        /**
         * It was open and is closed now.
         *
         * @param clean a close frame came
         * @param code of the close frame, 0 if there was none
         */
        void closed(boolean clean, int code);
    }
}
