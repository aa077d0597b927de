// Docker Compose by itself, for its `config`: it answers in tests as the newest version does.
package main

import (
	"os"

	"github.com/docker/cli/cli-plugins/metadata"
	"github.com/docker/cli/cli-plugins/plugin"
	"github.com/docker/cli/cli/command"
	compose "github.com/docker/compose/v5/cmd/compose"
	"github.com/spf13/cobra"
)

func root(cli command.Cli) *cobra.Command {
	cmd := compose.RootCommand(cli, &compose.BackendOptions{})
	own := cmd.PersistentPreRunE
	cmd.PersistentPreRunE = func(called *cobra.Command, words []string) error {
		if err := plugin.PersistentPreRunE(called, words); err != nil || own == nil {
			return err
		}
		return own(called, words)
	}
	return cmd
}

func main() {
	os.Args = append([]string{"docker", "compose"}, os.Args[1:]...)
	plugin.Run(root, metadata.Metadata{SchemaVersion: "0.1.0", Vendor: "lamb-compose", Version: "judge"})
}
