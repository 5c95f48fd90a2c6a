package ai.callmeback.simulators.wire;

import io.netty.buffer.ByteBuf;

/** What a simulator does with one WebSocket connection. All calls come on the connection's event loop. */
public interface SocketHandler {
    /** The upgrade is done. */
    void opened();

    void text(String message);

    /** The buffer belongs to the caller. */
    void binary(ByteBuf message);

    /** The connection is gone, whoever ended it; called once, last. */
    void closed();
}
